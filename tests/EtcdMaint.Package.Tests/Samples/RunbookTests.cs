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
        "1 of 1 clusters need attention: a. Errors: EndpointRefused."
    )]
    public async Task An_invalid_list_of_clusters_fails_the_job(string clusters, string reason) =>
        Assert.EndsWith($"FAILED {reason}", (await RunAsync(clusters)).TrimEnd(), StringComparison.Ordinal);

    [Fact]
    public async Task An_unreachable_cluster_is_reported_in_its_own_line() =>
        Assert.Matches(
            @"edge-7 +Unreachable +http://127\.0\.0\.1:1",
            await RunAsync("ClusterName,Endpoint\nedge-7,http://127.0.0.1:1")
        );

    private static async Task<string> RunAsync(string clusters)
    {
        string script = $$"""
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
