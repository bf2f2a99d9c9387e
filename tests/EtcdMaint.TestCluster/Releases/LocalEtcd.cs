namespace EtcdMaint.TestCluster;

/// <summary>The etcd that the user has specified or installed.</summary>
internal static class LocalEtcd
{
    public const string Variable = "ETCDMAINT_ETCD";

    /// <summary>The variable that names the binaries of one release only: ETCDMAINT_ETCD_3_6.</summary>
    public static string VariableFor(string release) => $"{Variable}_{release.Replace('.', '_')}";

    public static async Task<EtcdBinaries?> FindAsync(string release)
    {
        var own = VariableFor(release);
        if (Environment.GetEnvironmentVariable(own) is { Length: > 0 } path)
        {
            var binaries = await EtcdBinaries.ProbeAsync(path, own, CancellationToken.None);
            return binaries.Covers(release)
                ? binaries
                : throw new InvalidOperationException($"{own} holds etcd {binaries.Version}.");
        }

        return await FindAsync() is { } any && any.Covers(release) ? any : null;
    }

    public static async Task<EtcdBinaries?> FindAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
            return await EtcdBinaries.ProbeAsync(path, Variable, CancellationToken.None);

        // A server without its etcdctl is not usable: then the cache provides both.
        var installed = Command.Find("etcd");
        return installed is not null && File.Exists(Path.Combine(Path.GetDirectoryName(installed)!, "etcdctl"))
            ? await EtcdBinaries.ProbeAsync(installed, "PATH", CancellationToken.None)
            : null;
    }
}
