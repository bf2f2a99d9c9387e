namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>Whether the tests may take long.</summary>
internal static class Profile
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("ETCDMAINT_LONG") == "1";

    /// <summary>The first seed of random tests. <c>ETCDMAINT_SEED</c> starts with another one.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("ETCDMAINT_SEED"), out int seed) ? seed : 1;
}
