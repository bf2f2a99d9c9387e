using System.Diagnostics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// A credential plugin that waits for user input, and the program that it started, leave no process behind.
/// </summary>
[Trait("Kind", "Real")]
public sealed class WaitingPluginTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private FakeApiServer _server = null!;
    private string _processes = null!;
    private ApiServerSettings _settings = null!;
    private ApiServer _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _processes = Path.Combine(_server.FolderPath, "processes");
        string script = $"sleep 300 & echo $$ $! > {_processes}.new; mv {_processes}.new {_processes}; wait";
        string config = KubeConfigText.Write(
            _server,
            KubeConfigText.Whole(_server, $"{{exec: {{command: /bin/sh, args: [-c, \"{script}\"]}}}}")
        );
        _settings = KubeConfigLoader.Load(new KubernetesConnectRequest { KubeConfig = config }, _ => { });
        _api = new ApiServer(_settings);
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task At_the_time_limit_of_the_call_the_plugin_is_stopped_and_named()
    {
        var watch = Stopwatch.StartNew();
        Task<EtcdException> first = Assert.ThrowsAsync<EtcdException>(() => _api.ListPodsAsync(null, null, Limit(2)));
        Task<EtcdException> second = Assert.ThrowsAsync<EtcdException>(() => _api.ListPodsAsync(null, null, Limit(1)));
        foreach (EtcdException error in await Task.WhenAll(first, second))
        {
            Assert.Equal("KubeCredentialPluginFailed", error.ErrorId);
            Assert.Contains("may have waited for user input", error.Message);
            Assert.Contains("Log in with kubectl", error.RecommendedAction);
            Assert.Contains("-TimeoutSeconds", error.RecommendedAction);
        }
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
        await AssertEndedAsync();
    }

    [Fact]
    public async Task The_error_of_a_command_in_a_pod_names_the_plugin_too()
    {
        var runner = new PodCommandRunner(_api, "kube-system", "etcd-m1", "etcd");
        DialException error = await Assert.ThrowsAsync<DialException>(() =>
            runner.RunAsync("etcdctl", [], default, Limit(2))
        );
        Assert.Equal(CallFailure.AccessLoginRejected, error.Failure);
        Assert.Contains("may have waited for user input", error.Message);
        await AssertEndedAsync();
    }

    [Fact]
    public async Task A_stop_by_the_user_ends_the_plugin_without_an_error()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task call = _api.ListPodsAsync(null, null, new CallBudget(TimeSpan.FromMinutes(1), stop.Token));
        await Poll.UntilAsync(() => File.Exists(_processes), Soon, "the plugin waits", Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await AssertEndedAsync();
    }

    [Fact]
    public async Task A_call_whose_time_has_already_expired_does_not_run_or_name_the_plugin()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _settings.Token!.GetAuthenticationHeaderAsync(new CancellationToken(true))
        );
        Assert.False(File.Exists(_processes));
    }

    private static CallBudget Limit(int seconds) => new(TimeSpan.FromSeconds(seconds), Cancellation);

    private Task AssertEndedAsync()
    {
        int[] started = [.. File.ReadAllText(_processes).Split(' ').Select(int.Parse)];
        Assert.Equal(2, started.Length);
        return Poll.UntilAsync(
            () => !started.Any(IsRunning),
            Soon,
            "the plugin and its child process have ended",
            Cancellation
        );
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
