namespace EtcdMaint.TestCluster;

/// <summary>
/// Every flag of etcd and etcdctl is also an environment variable: variables of the user who runs the tests must not
/// affect a temporary cluster.
/// </summary>
internal static class EtcdEnvironment
{
    public static void Clear(IDictionary<string, string?> environment)
    {
        var inherited = environment
            .Keys.Where(name =>
                name.StartsWith("ETCD_", StringComparison.Ordinal)
                || name.StartsWith("ETCDCTL_", StringComparison.Ordinal)
            )
            .ToList();
        foreach (var name in inherited)
            environment.Remove(name);
    }
}
