using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Faults;

/// <summary>
/// Which releases a fault is shown on. A plain run takes one a fault, spread over the releases; with
/// <c>ETCDMAINT_LONG=1</c> every fault meets every release.
/// </summary>
internal static class Spread
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("ETCDMAINT_LONG") == "1";

    public static TheoryData<string> Oldest => Of("3.4");

    public static TheoryData<string> Middle => Of("3.5.16");

    public static TheoryData<string> Newest => Of("3.5.30");

    private static TheoryData<string> Of(string release) => IsLong ? [.. EtcdReleases.Names] : [release];
}
