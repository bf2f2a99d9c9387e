using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Pester;

/// <summary>Runs the Pester suite in a real pwsh, on a real cluster, with each major version of Pester that is installed.</summary>
public sealed class PesterTests
{
    /// <summary>Small, so that the suite fills it within seconds.</summary>
    private const long Quota = 32_000_000;

    [Fact]
    public async Task The_suite_passes_with_every_Pester()
    {
        string[] versions = await Pwsh.SkipUnlessHasModuleAsync("Pester", new Version(5, 0));
        CancellationToken stop = TestContext.Current.CancellationToken;
        var results = new List<ShellResult>();
        foreach (string version in versions)
        {
            await using EtcdCluster cluster = await EtcdCluster.StartAsync(
                new ClusterOptions { Members = 3, Tls = Tls.Mutual, QuotaBytes = Quota }, stop);
            var variables = new Dictionary<string, string>(cluster.ConnectionEnvironment) { ["ETCDMAINT_ETCDCTL"] = cluster.Binaries.Etcdctl };

            results.Add(await Pwsh.RunFileAsync(
                Repository.File("tests/Pester/Invoke-Suite.ps1"), ["-PesterVersion", version, "-Module", Repository.Manifest], variables));
        }
        Assert.All(results, result => result.MustHaveSucceeded());
    }
}
