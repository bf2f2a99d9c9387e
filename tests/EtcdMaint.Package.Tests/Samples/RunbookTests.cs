using EtcdMaint.Package.Tests.Shells;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>
/// How the Azure Automation runbook checks its list of clusters; the cmdlets of the account are simulated.
/// </summary>
public sealed class RunbookTests
{
    [Theory]
    [InlineData(
        "ClusterName,Endpoint\n,http://127.0.0.1:1",
        "Each row of the variable EtcdClusters needs a ClusterName."
    )]
    [InlineData("Endpoint\nhttp://127.0.0.1:1", "Each row of the variable EtcdClusters needs a ClusterName.")]
    [InlineData(
        "ClusterName,Endpoint\na,http://127.0.0.1:1\nA,http://127.0.0.1:2",
        "The variable EtcdClusters names these clusters in several rows: a."
    )]
    [InlineData(
        "ClusterName,Endpoint\na,http://127.0.0.1:1",
        "These clusters need attention: a. Errors: EndpointRefused."
    )]
    public async Task An_invalid_list_of_clusters_fails_the_job(string clusters, string reason) =>
        Assert.EndsWith($"FAILED {reason}", (await RunAsync(clusters)).TrimEnd(), StringComparison.Ordinal);

    [Fact]
    public async Task An_unreachable_cluster_is_reported_in_its_own_line() =>
        Assert.Matches(
            @"edge-7 +Unreachable +http://127\.0\.0\.1:1",
            await RunAsync("ClusterName,Endpoint\nedge-7,http://127.0.0.1:1")
        );

    [Theory]
    [InlineData("0", "clusters: 1, failed: 0, not finished: 0")]
    [InlineData(
        "2, 0",
        "clusters: 2, failed: 0, not finished: 1\ncode 2 of docs/exit-codes.md\n"
            + "FAILED These clusters need attention: c1. Errors: ."
    )]
    [InlineData(
        "2, 1, 0",
        "clusters: 3, failed: 1, not finished: 1\ncode 1 of docs/exit-codes.md\n"
            + "FAILED These clusters need attention: c1, c2. Errors: ."
    )]
    public async Task The_last_line_has_the_code_that_tells_whether_a_new_job_can_help(string codes, string end)
    {
        string output = await RunAsync(
            "ClusterName,Endpoint\na,http://127.0.0.1:1",
            $$"""
            function Connect-EtcdCluster { }
            function Invoke-EtcdMaintenance {
                $number = 0
                foreach ($code in {{codes}}) {
                    $number++
                    [pscustomobject]@{ ClusterName = "c$number"; Status = 'Any'; Reason = ''; ExitCode = $code }
                }
            }
            """
        );
        Assert.EndsWith(end, output.ReplaceLineEndings("\n").TrimEnd(), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string clusters, string functions = "")
    {
        string script = $$"""
            {{functions}}
            function Get-AutomationVariable($Name) { if ($Name -eq 'EtcdClusters') { $env:CLUSTERS } else { '' } }
            function Get-AutomationCertificate($Name) { '' }
            try { & '{{Repository.File("samples/runbooks/Invoke-EtcdNightlyMaintenance.ps1")}}' } catch { "FAILED $_" }
            """;
        string modules = Pwsh.ModulePath(Path.GetFullPath(Path.Combine(Repository.Module, "..")));
        ShellResult result = await Pwsh.RunAsync(
            script,
            new Dictionary<string, string> { ["CLUSTERS"] = clusters, ["PSModulePath"] = modules }
        );
        return result.Output;
    }
}
