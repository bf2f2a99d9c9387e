using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Pester;

/// <summary>
/// Runs the Pester suite in a real pwsh, on a real cluster, with the newest installed version of Pester, or with the
/// newest of each major version if tests may take long.
/// </summary>
public sealed class PesterTests
{
    /// <summary>Small, so that the suite fills it within seconds.</summary>
    private const long Quota = 32_000_000;

    [Fact]
    public async Task The_suite_passes()
    {
        string[] versions = await Pwsh.SkipUnlessHasModuleAsync("Pester", new Version(5, 0));
        EtcdBinaries? etcd = await FindEtcdAsync();
        if (etcd is null)
            TestContext.Current.AddWarning("There is no etcd, so the suite runs without a cluster.");

        var results = new List<ShellResult>();
        foreach (string version in LongTests.AreWanted ? versions : versions[^1..])
            results.Add(await RunAsync(version, etcd));
        Assert.All(results, result => result.MustHaveSucceeded());
    }

    private static async Task<ShellResult> RunAsync(string version, EtcdBinaries? etcd)
    {
        if (etcd is null)
            return await RunAsync(version, new Dictionary<string, string> { ["ETCDCTL_ENDPOINTS"] = "" });
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                QuotaBytes = Quota,
                Binaries = etcd,
            },
            TestContext.Current.CancellationToken
        );
        return await RunAsync(
            version,
            new Dictionary<string, string>(cluster.ConnectionEnvironment)
            {
                ["ETCDMAINT_ETCDCTL"] = cluster.Binaries.Etcdctl,
            }
        );
    }

    private static async Task<ShellResult> RunAsync(string version, Dictionary<string, string> variables)
    {
        ShellResult result = await Pwsh.RunFileAsync(
            Repository.File("tests/Pester/Invoke-Suite.ps1"),
            ["-PesterVersion", version, "-Module", Repository.Manifest],
            variables
        );
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output.TrimEnd().Split('\n')[^1]);
        return result;
    }

    private static async Task<EtcdBinaries?> FindEtcdAsync()
    {
        try
        {
            return await EtcdReleases.DefaultAsync();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
