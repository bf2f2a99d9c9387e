namespace EtcdMaint.TestCluster;

/// <summary>etcd selects a prefix by the range from it to the next string that does not start with it.</summary>
internal static class KeyRange
{
    public static string EndOfPrefix(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);
}
