using System.Text.Json;
using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The script of the CronJob in a real pwsh, with certificates as a secret mounts them.</summary>
public sealed class CronJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_job_maintains_the_cluster_reports_each_step_and_writes_a_report()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                QuotaBytes = 64_000_000,
            },
            TestContext.Current.CancellationToken
        );
        await cluster.Loader.LoadAsync(2_000_000, 52_000_000, cancellation: TestContext.Current.CancellationToken);
        long revision = await cluster.KeyValues.RevisionAsync(TestContext.Current.CancellationToken);
        (await cluster.EtcdctlAsync("compact", $"{revision}", "--physical")).OutputOrThrow();
        Mount(cluster.Certificates!.Ca, "ca.crt");
        Mount(cluster.Certificates.Client.Certificate, "tls.crt");
        Mount(cluster.Certificates.Client.Key, "tls.key");
        string report = Path.Combine(_folder.Path, "report.json");

        ShellResult job = await RunAsync(
            $"-Endpoint '{string.Join("','", cluster.ClientUrls)}' -ReportPath '{report}'"
        );
        TestContext.Current.TestOutputHelper?.WriteLine(job.Output);
        job.MustHaveSucceeded();
        Assert.Matches(@"(?m)^Defrag +Succeeded +3 of 3 members defragmented", job.Output);
        Assert.Empty(EtcdLogs.Overlaps(EtcdLogs.Defragmentations(cluster)));
        using JsonDocument json = JsonDocument.Parse(
            await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken)
        );
        Assert.Contains("kubernetes", json.RootElement.ToString(), StringComparison.Ordinal);

        foreach (ClusterMember member in cluster.Members)
            await member.KillAsync(TestContext.Current.CancellationToken);
        ShellResult unanswered = await RunAsync($"-Endpoint '{string.Join("','", cluster.ClientUrls)}'");
        Assert.Equal(2, unanswered.ExitCode);
        Assert.StartsWith("no connection: EndpointRefused: ", unanswered.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incorrect_setup_ends_the_job_with_3_and_says_what_to_do()
    {
        ShellResult job = await RunAsync("-Endpoint https://127.0.0.1:1"); // no certificate is mounted
        Assert.Equal(3, job.ExitCode);
        Assert.StartsWith("no connection: CertificateUnusable: ", job.Output, StringComparison.Ordinal);
        Assert.Contains("Specify the path", job.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_module_the_job_ends_with_3()
    {
        ShellResult job = await RunAsync("-Endpoint https://127.0.0.1:1", modules: _folder.Folder("empty"));
        Assert.Equal(3, job.ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private void Mount(string file, string name) => File.Copy(file, Path.Combine(_folder.Folder("tls"), name));

    private async Task<ShellResult> RunAsync(string parameters, string? modules = null)
    {
        modules ??= Pwsh.ModulePath(Path.GetFullPath(Path.Combine(Repository.Module, "..")));
        return await Pwsh.RunAsync(
            $"& '{Repository.File("samples/kubernetes/maintain.ps1")}' -CertificateFolder "
                + $"'{_folder.Folder("tls")}' {parameters}; exit $LASTEXITCODE",
            new Dictionary<string, string> { ["PSModulePath"] = modules }
        );
    }
}
