namespace EtcdMaint.TestCluster;

/// <summary>Whether tests may take long. CONTRIBUTING.md lists what they do then.</summary>
public static class LongTests
{
    public static bool AreWanted { get; } = Environment.GetEnvironmentVariable("ETCDMAINT_LONG") == "1";
}
