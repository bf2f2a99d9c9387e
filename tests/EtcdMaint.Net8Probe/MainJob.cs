namespace EtcdMaint.Net8Probe;

/// <summary>The main job of the module on one connection.</summary>
internal sealed class MainJob(EtcdConnection connection) : IAsyncDisposable
{
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    private readonly LineObserver _observer = new();

    private IEtcdCluster Cluster => connection.Cluster;

    public async Task ShowStatusAsync() =>
        await Cluster.GetStatusAsync(null, CallTimeout, _observer, CancellationToken.None);

    public async Task CompactAsync() =>
        await Cluster.CompactAsync(
            new CompactionRequest { Targets = await TargetsAsync(), CallTimeout = CallTimeout },
            _observer,
            CancellationToken.None
        );

    public async Task DefragmentAsync() =>
        await Cluster.DefragmentAsync(
            new DefragRequest
            {
                Targets = await TargetsAsync(),
                MinimumFreeBytes = 0,
                Override = new HashSet<EtcdGate> { EtcdGate.DiskSpaceUnknown },
                CallTimeout = CallTimeout,
            },
            _observer,
            CancellationToken.None
        );

    public async Task ClearAlarmsAsync() =>
        await Cluster.ClearAlarmsAsync(
            new AlarmClearRequest { MaximumQuotaUsedRatio = 0.9, CallTimeout = CallTimeout },
            _observer,
            CancellationToken.None
        );

    public async Task SaveSnapshotAsync(string path)
    {
        EtcdSnapshot? snapshot = await Cluster.SaveSnapshotAsync(
            new SnapshotRequest { Path = path, CallTimeout = CallTimeout },
            _observer,
            CancellationToken.None
        );
        Console.WriteLine($"snapshot {snapshot?.SizeBytes} {snapshot?.Sha256}");
    }

    public async Task CheckHealthAsync()
    {
        EtcdHealthReport report = await Cluster.CheckHealthAsync(CallTimeout, _observer, CancellationToken.None);
        Console.WriteLine($"health {(report.IsHealthy ? "healthy" : "unhealthy")}");
        foreach (EtcdFinding finding in report.Finding)
            Console.WriteLine($"finding {finding.Severity} {finding.FindingId}");
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    private async Task<IReadOnlyList<MemberTarget>> TargetsAsync() =>
        [
            .. (await Cluster.GetMembersAsync(CallTimeout, _observer, CancellationToken.None)).Select(
                member => new MemberTarget(member)
            ),
        ];
}
