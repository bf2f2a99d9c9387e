using System.Globalization;
using System.Text.Json;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>How the contenders reach a real cluster, and how its state is read without any of them.</summary>
internal static class RealCluster
{
    /// <summary>The command with which a user connects.</summary>
    public static string ConnectScript(this TestEtcdCluster cluster) =>
        "$null = Connect-EtcdCluster -Endpoint "
        + $"{string.Join(',', cluster.ClientUrls.Select(ModuleFiles.Quote))} -ClusterName benchmark "
        + $"{cluster.CertificateParameters()}";

    public static string CertificateParameters(this TestEtcdCluster cluster) =>
        cluster.Certificates is { } certificates
            ? $"-CACertificate {ModuleFiles.Quote(certificates.Ca)} -ClientCertificate "
                + $"{ModuleFiles.Quote(certificates.Client.Certificate)} -ClientKey "
                + $"{ModuleFiles.Quote(certificates.Client.Key)}"
            : "";

    public static Task<ToolRun> RunEtcdctlAsync(
        this TestEtcdCluster cluster,
        IEnumerable<string> arguments,
        CancellationToken stop,
        bool watchMemory = false
    ) => Tool.RunAsync(cluster.Binaries.Etcdctl, arguments, cluster.ConnectionEnvironment, watchMemory, stop);

    /// <summary>Defragments every member with etcdctl; no member takes longer here than the given timeout.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<TimeSpan> DefragmentAsync(this TestEtcdCluster cluster, CancellationToken stop)
    {
        ToolRun run = await cluster.RunEtcdctlAsync(["defrag", "--command-timeout", "120s"], stop);
        run.OutputOrThrow();
        return run.Elapsed;
    }

    public static async Task<IReadOnlyList<MemberFigures>> ReadAsync(
        this TestEtcdCluster cluster,
        CancellationToken stop
    )
    {
        ToolRun run = await cluster.RunEtcdctlAsync(["endpoint", "status", "-w", "json"], stop);
        return Read(run.OutputOrThrow());
    }

    /// <summary>Parses the output of <c>etcdctl endpoint status -w json</c>.</summary>
    public static IReadOnlyList<MemberFigures> Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(e => e.GetProperty("Status"))
                .Select(status => new MemberFigures(
                    Hex(status.GetProperty("header").GetProperty("member_id").GetUInt64()),
                    status.GetProperty("dbSize").GetInt64(),
                    status.TryGetProperty("dbSizeInUse", out JsonElement used) ? used.GetInt64() : 0,
                    status.TryGetProperty("leader", out JsonElement leader) ? Hex(leader.GetUInt64()) : "",
                    status.TryGetProperty("raftTerm", out JsonElement term) ? term.GetInt64() : 0,
                    status.GetProperty("header").GetProperty("revision").GetInt64()
                )),
        ];
    }

    /// <summary>
    /// Compacts to the newest revision and returns when history is physically removed on every member.
    /// </summary>
    public static async Task CompactWhollyAsync(this TestEtcdCluster cluster, CancellationToken stop)
    {
        string revision = (await cluster.KeyValues.RevisionAsync(stop)).ToString(CultureInfo.InvariantCulture);
        foreach (ClusterMember member in cluster.Members)
        {
            CommandResult run = await cluster.EtcdctlAsync(
                ["compact", revision, "--physical", "--endpoints", member.ClientUrl, "--command-timeout", "60s"],
                stop
            );
            // Every member but the first reports this, once its own history is removed.
            if (!run.Succeeded && !run.Errors.Contains("has been compacted", StringComparison.Ordinal))
                run.OutputOrThrow();
        }
    }

    /// <summary>Compacts and defragments, so that each contender starts with the same state.</summary>
    public static async Task TidyAsync(this TestEtcdCluster cluster, CancellationToken stop)
    {
        await cluster.KeyValues.PutAsync("tidy", $"{Guid.NewGuid()}", cancellation: stop);
        await cluster.CompactWhollyAsync(stop);
        await cluster.DefragmentAsync(stop);
    }

    private static string Hex(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);
}

/// <summary>The figures that a member reported to etcdctl.</summary>
internal sealed record MemberFigures(string Id, long DbSize, long InUse, string Leader, long Term, long Revision);
