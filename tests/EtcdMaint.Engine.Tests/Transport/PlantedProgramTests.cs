using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport;

/// <summary>
/// Programs with the right names are in the current folder, which is also on PATH as an empty entry, as a dot and as a
/// relative path. None of them may run.
/// </summary>
[Collection<ProcessEnvironment>]
public sealed class PlantedProgramTests : IAsyncLifetime
{
    private static readonly string[] Names =
    [
        "setsid",
        "ssh",
        "sh",
        "cat",
        "etcdctl",
        "credential-plugin",
        "bin/credential-plugin",
    ];

    private readonly string _folderBefore = Environment.CurrentDirectory;
    private readonly string _pathBefore = Environment.GetEnvironmentVariable("PATH")!;
    private readonly ThrowAwayFolder _folder = ThrowAwayFolder.Create("planted");

    public PlantedProgramTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are scripts for sh.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), Cancellation);

    private string CurrentFolder => _folder.Combine("current");

    private string Ran => _folder.Combine("ran");

    public async ValueTask InitializeAsync()
    {
        foreach (string name in Names)
            await WriteProgramAsync(Path.Combine(CurrentFolder, name), $"echo {name} >> '{Ran}'");
        Environment.CurrentDirectory = CurrentFolder;
        Environment.SetEnvironmentVariable("PATH", $":.:bin:./bin:{_pathBefore}:");
    }

    public async ValueTask DisposeAsync()
    {
        Environment.CurrentDirectory = _folderBefore;
        Environment.SetEnvironmentVariable("PATH", _pathBefore);
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task A_program_is_found_on_PATH_and_not_in_the_current_folder()
    {
        Assert.Equal("real\n", (await RunAsync("sh", "-c", "echo real")).Output);
        AssertNoneRan();
    }

    [Fact]
    public async Task A_program_that_is_only_in_the_current_folder_is_missing()
    {
        DialException missing = await Assert.ThrowsAsync<DialException>(() => RunAsync("credential-plugin"));
        Assert.Equal(CallFailure.ProgramMissing, missing.Failure);
        Assert.Contains("the current folder is not searched", missing.Message);
        foreach (string path in new[] { "./credential-plugin", "bin/credential-plugin", "" })
            Assert.Equal(
                CallFailure.ProgramMissing,
                (await Assert.ThrowsAsync<DialException>(() => RunAsync(path))).Failure
            );
        AssertNoneRan();
    }

    [Fact]
    public async Task A_child_process_sees_only_the_absolute_folders_of_PATH()
    {
        string path = (await RunAsync("sh", "-c", "printf %s \"$PATH\"; cat /dev/null")).Output;
        Assert.Equal(_pathBefore, path);
        AssertNoneRan();
    }

    [Fact]
    public async Task Without_an_absolute_folder_on_PATH_nothing_is_found_and_child_processes_use_system_folders()
    {
        Environment.SetEnvironmentVariable("PATH", ":.:bin");
        await Assert.ThrowsAsync<DialException>(() => RunAsync("sh", "-c", "true"));
        Assert.Equal(0, (await RunAsync("/bin/sh", "-c", "cat /dev/null")).ExitCode);
        AssertNoneRan();
    }

    [Fact]
    public async Task Ssh_is_found_on_PATH_and_not_in_the_current_folder()
    {
        await using var runner = new SshCommandRunner(
            new SshConnection(new SshTarget("no-such-host.invalid", null), new SshClientSettings(), null)
        );
        await Assert.ThrowsAsync<DialException>(() => runner.RunAsync("true", [], default, Limit));
        AssertNoneRan();
    }

    [Fact]
    public async Task Etcdctl_of_this_machine_is_not_taken_from_the_current_folder()
    {
        Environment.SetEnvironmentVariable("PATH", $".:{await FolderWithoutEtcdctlAsync()}");
        var request = new LocalConnectRequest
        {
            EtcdctlPath = "etcdctl",
            Endpoint = ["http://127.0.0.1:1"],
            CallTimeout = Limit.Timeout,
        };
        Assert.Equal(
            "EtcdctlNotFound",
            (await Assert.ThrowsAnyAsync<EtcdException>(() => RealCluster.ConnectAsync(request))).ErrorId
        );
        AssertNoneRan();
    }

    [Fact]
    public async Task A_credential_plugin_is_not_taken_from_the_current_folder()
    {
        EtcdException missing = await GetCredentialAsync("credential-plugin");
        Assert.Equal("KubeCredentialPluginFailed", missing.ErrorId);
        Assert.Contains("no folder of PATH has a program 'credential-plugin'", missing.Message);
        Assert.DoesNotContain("child processes", missing.Message);
        Assert.Contains("add its folder to PATH", missing.RecommendedAction);
        AssertNoneRan();
    }

    [Fact]
    public async Task A_credential_plugin_with_a_folder_is_relative_to_the_kubeconfig()
    {
        string ran = _folder.Combine("ran-beside-the-kubeconfig");
        await WriteProgramAsync(_folder.Combine("config/bin/credential-plugin"), $"touch '{ran}'");
        await GetCredentialAsync("bin/credential-plugin");
        Assert.True(File.Exists(ran));
        AssertNoneRan();
    }

    private static Task<CommandOutput> RunAsync(string program, params string[] arguments) =>
        ChildProcess.RunAsync(program, arguments, static _ => { }, default, Limit);

    private void AssertNoneRan() =>
        Assert.False(File.Exists(Ran), File.Exists(Ran) ? $"Planted programs ran: {File.ReadAllText(Ran)}" : null);

    private async Task<EtcdException> GetCredentialAsync(string command)
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        string config = _folder.Combine("config/kubeconfig");
        Directory.CreateDirectory(Path.GetDirectoryName(config)!);
        await File.WriteAllTextAsync(
            config,
            KubeConfigText.Whole(server, $"{{exec: {{command: {command}}}}}"),
            Cancellation
        );
        using var api = new ApiServer(
            KubeConfigLoader.Load(new KubernetesConnectRequest { KubeConfig = config }, _ => { })
        );
        return await Assert.ThrowsAnyAsync<EtcdException>(() => api.ListPodsAsync(null, null, Limit));
    }

    private async Task<string> FolderWithoutEtcdctlAsync()
    {
        string folder = _folder.Combine("path");
        await WriteProgramAsync(Path.Combine(folder, "sh"), "exec /bin/sh \"$@\"");
        return folder;
    }

    /// <summary>
    /// A separate process writes the file: a child process started by this one meanwhile would keep the file open, and
    /// then it could not be executed.
    /// </summary>
    private static async Task WriteProgramAsync(string path, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        (
            await Command.RunAsync(
                "/bin/sh",
                ["-c", "printf '#!/bin/sh\n%s\n' \"$1\" > \"$0\" && chmod 700 \"$0\"", path, script],
                Limit.Timeout
            )
        ).OutputOrThrow();
    }
}
