using EtcdMaint.TestCluster;

namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>The releases of etcd as rows of a theory; an unavailable release is skipped with the reason.</summary>
internal static class Releases
{
    public static TheoryData<string> All => [.. EtcdReleases.Names];

    public static async Task<EtcdBinaries> OrSkipAsync(string release)
    {
        ReleaseLookup lookup = await EtcdReleases.FindAsync(release);
        Assert.SkipUnless(lookup.IsAvailable, lookup.Reason);
        return lookup.Binaries!;
    }
}
