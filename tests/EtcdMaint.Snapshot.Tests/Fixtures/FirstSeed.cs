namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>The first seed of random tests. <c>ETCDMAINT_SEED</c> starts with another one.</summary>
internal static class FirstSeed
{
    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("ETCDMAINT_SEED"), out int seed) ? seed : 1;
}
