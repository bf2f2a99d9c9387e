using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// Which releases a fault is tested on. A short test run uses one release per fault, spread over the releases; with
/// <c>ETCDMAINT_LONG=1</c> every fault is tested on every release.
/// </summary>
internal static class TestProfile
{
    public static TheoryData<string> Oldest => Of("3.4");

    public static TheoryData<string> Middle => Of("3.5.16");

    public static TheoryData<string> Newest => Of("3.5.30");

    /// <summary>
    /// Every release, each with one of two options alternately; with <c>ETCDMAINT_LONG=1</c> each with both.
    /// </summary>
    public static TheoryData<string, T> InTurn<T>(T first, T second)
    {
        var rows = new TheoryData<string, T>();
        foreach ((int index, string release) in EtcdReleases.Names.Index())
        {
            if (LongTests.AreWanted || index % 2 == 0)
                rows.Add(release, first);
            if (LongTests.AreWanted || index % 2 == 1)
                rows.Add(release, second);
        }
        return rows;
    }

    private static TheoryData<string> Of(string release) => LongTests.AreWanted ? [.. EtcdReleases.Names] : [release];
}
