namespace EtcdMaint.TestCluster;

/// <summary>The variables with which etcdctl reaches a cluster.</summary>
internal static class EtcdctlEnvironment
{
    public static IReadOnlyDictionary<string, string> For(TestEtcdCluster cluster)
    {
        // A member that was never started has no open port, and a learner refuses most requests of etcdctl.
        var reachable = cluster.Members.Where(member => !member.IsLearner && member.State != MemberState.NotStarted);
        var variables = new Dictionary<string, string>
        {
            ["ETCDCTL_ENDPOINTS"] = string.Join(',', reachable.Select(member => member.ClientUrl)),
        };
        if (cluster.Certificates is { } certificates)
        {
            variables["ETCDCTL_CACERT"] = certificates.Ca;
            if (cluster.Options.Tls == TlsMode.Mutual)
            {
                variables["ETCDCTL_CERT"] = certificates.Client.Certificate;
                variables["ETCDCTL_KEY"] = certificates.Client.Key;
            }
        }
        if (cluster.Options.Auth)
        {
            variables["ETCDCTL_USER"] = ClusterUsers.Root.Name;
            variables["ETCDCTL_PASSWORD"] = ClusterUsers.Root.Password;
        }
        return variables;
    }

    /// <summary>
    /// etcdctl fails if a setting is given as a flag and as a variable: a flag on the command line removes its
    /// variable.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Without(
        IReadOnlyDictionary<string, string> variables,
        IReadOnlyList<string> arguments
    )
    {
        var given = arguments
            .Where(argument => argument.StartsWith("--", StringComparison.Ordinal))
            .Select(argument => argument.Split('=')[0][2..])
            .ToHashSet();
        // "--user name:password" sets both.
        if (given.Contains("user"))
            given.Add("password");
        return variables
            .Where(variable => !given.Contains(variable.Key["ETCDCTL_".Length..].ToLowerInvariant()))
            .ToDictionary();
    }
}
