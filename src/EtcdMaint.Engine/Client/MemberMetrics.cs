using System.Globalization;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// The few values that are read from a member's <c>/metrics</c>. What the page does not have is null.
/// </summary>
internal sealed record MemberMetrics
{
    /// <summary>Whose page it is; null where the page does not tell.</summary>
    public ulong? MemberId { get; init; }

    /// <summary>Whether a defragmentation is at work; known from etcd 3.4.18 and 3.5.2 on.</summary>
    public bool? IsDefragmenting { get; init; }

    /// <summary>Defragmentations that succeeded since the process started.</summary>
    public long? DefragCount { get; init; }

    /// <summary>
    /// Calls to defragment that ended with an error of no code of its own: the disk's, and before etcd 3.6 also a
    /// refused login's.
    /// </summary>
    public long? FailedDefragCount { get; init; }

    /// <summary>Snapshot streams that clients have open; null where the page does not tell.</summary>
    public long? SnapshotStreams { get; init; }

    /// <summary>
    /// Snapshots that this member is sending to other members. The page shows the gauge from the first one on; it
    /// exists in all supported releases.
    /// </summary>
    public long SnapshotSends { get; init; }

    /// <summary>When the process started, in seconds since 1970.</summary>
    public double? ProcessStart { get; init; }

    /// <summary>Negative where the quota is switched off.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>Reads a page in the Prometheus text format.</summary>
    public static MemberMetrics Parse(TextReader page)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        ulong? memberId = null;
        while (page.ReadLine() is { } line)
        {
            if (
                line.StartsWith(ServerId, StringComparison.Ordinal)
                && HexId.TryParse(line[ServerId.Length..].Split('"')[0], out ulong id)
            )
                memberId = id;
            int space = line.IndexOf(' ');
            if (space <= 0 || NameOf(line[..space]) is not { } name)
                continue;
            if (
                double.TryParse(
                    line.AsSpan(space + 1),
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out double value
                )
            )
                values[name] = values.GetValueOrDefault(name) + value;
        }
        double? Value(string name) => values.TryGetValue(name, out double value) ? value : null;
        return new MemberMetrics
        {
            MemberId = memberId,
            IsDefragmenting = Value(InFlight) is { } inFlight ? inFlight > 0 : null,
            DefragCount = (long?)Value(Count),
            FailedDefragCount = (long?)Value(Failed),
            SnapshotStreams = Value(StartedCalls) is { } started
                ? (long)Math.Max(0, started - (Value(HandledCalls) ?? 0))
                : null,
            SnapshotSends = (long)(Value(SnapshotSendsName) ?? 0),
            ProcessStart = Value(Start),
            QuotaBytes = BackendQuota.FromMetrics(Value(Quota)),
        };
    }

    /// <summary>
    /// The name under which a series is kept, or added to others of its family; null for one that is not wanted.
    /// </summary>
    private static string? NameOf(string series) =>
        Wanted.Contains(series) ? series
        : IsOf(SnapshotSendsName, series) ? SnapshotSendsName
        : !series.Contains(SnapshotMethod, StringComparison.Ordinal) ? null
        : IsOf(StartedCalls, series) ? StartedCalls
        : IsOf(HandledCalls, series) ? HandledCalls
        : null;

    private static bool IsOf(string family, string series) =>
        series.Length > family.Length
        && series[family.Length] == '{'
        && series.StartsWith(family, StringComparison.Ordinal);

    private const string ServerId = "etcd_server_id{server_id=\"";
    private const string InFlight = "etcd_disk_defrag_inflight";
    private const string Count = "etcd_disk_backend_defrag_duration_seconds_count";
    private const string Failed =
        """grpc_server_handled_total{grpc_code="Unknown",grpc_method="Defragment","""
        + """grpc_service="etcdserverpb.Maintenance",grpc_type="unary"}""";

    private const string SnapshotSendsName = "etcd_network_snapshot_send_inflights_total";
    private const string StartedCalls = "grpc_server_started_total";
    private const string HandledCalls = "grpc_server_handled_total";
    private const string SnapshotMethod = "grpc_method=\"Snapshot\",grpc_service=\"etcdserverpb.Maintenance\"";

    private const string Start = "process_start_time_seconds";
    private const string Quota = "etcd_server_quota_backend_bytes";

    private static readonly HashSet<string> Wanted = [InFlight, Count, Failed, Start, Quota];
}
