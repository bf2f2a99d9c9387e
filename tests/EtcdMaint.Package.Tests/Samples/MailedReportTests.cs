using EtcdMaint.Package.Tests.Shells;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The script that mails the report, with a mail server of the test.</summary>
public sealed class MailedReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly MailServer _server = new();

    [Fact]
    public async Task An_unreachable_cluster_is_in_the_mail_and_the_run_can_be_repeated()
    {
        ShellResult job = await RunAsync("ClusterName,Endpoint\nedge-7,http://127.0.0.1:1\nedge-8,\n");
        TestContext.Current.TestOutputHelper?.WriteLine(job.Output);
        Assert.Equal(2, job.ExitCode);
        Assert.Matches(@"edge-7 +Unreachable +http://127\.0\.0\.1:1 refused", job.Output);
        Assert.Contains("clusters need attention", job.Output, StringComparison.Ordinal);

        string mail = Assert.Single(_server.Mails);
        Assert.Contains("2 of 2 clusters need attention: edge-7, edge-8", mail, StringComparison.Ordinal);
        Assert.Contains("Content-Disposition: attachment", mail, StringComparison.Ordinal);
        Assert.Matches(@"etcd-maintenance-\d{4}-\d\d-\d\d\.html", mail);
        string[] pages = MailServer.Decode(mail).Split("etcd maintenance of 2 clusters</h1>");
        Assert.Equal(3, pages.Length); // the body and the attachment
        Assert.All(pages[1..], page => Assert.Contains("edge-8", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_without_clusters_is_a_wrong_setup_and_sends_no_mail()
    {
        ShellResult job = await RunAsync("ClusterName,Endpoint\n");
        Assert.Equal(3, job.ExitCode);
        Assert.Contains("names no cluster", job.Output, StringComparison.Ordinal);
        Assert.Empty(_server.Mails);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_sent_fails_the_job()
    {
        ShellResult job = await RunAsync("ClusterName,Endpoint\nedge-7,http://127.0.0.1:1\n", port: 1);
        Assert.Equal(1, job.ExitCode);
        Assert.Contains("no mail: ", job.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private async Task<ShellResult> RunAsync(string clusters, int? port = null)
    {
        string file = Path.Combine(_folder.Path, "clusters.csv");
        await File.WriteAllTextAsync(file, clusters, TestContext.Current.CancellationToken);
        string modules = Pwsh.ModulePath(Path.GetFullPath(Path.Combine(Repository.Module, "..")));
        return await Pwsh.RunFileAsync(
            Repository.File("samples/runbooks/Send-EtcdMaintenanceReport.ps1"),
            [
                "-ClusterPath",
                file,
                "-SmtpServer",
                "127.0.0.1",
                "-Port",
                $"{port ?? _server.Port}",
                "-NoTls",
                "-From",
                "etcd@example.com",
                "-To",
                "ops@example.com",
            ],
            new Dictionary<string, string> { ["PSModulePath"] = modules }
        );
    }
}
