using System.Globalization;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// The values that are read from the <c>/metrics</c> page of a member. A value that is not on the page is null.
/// </summary>
internal sealed record MemberMetrics
{
    /// <summary>The member whose page it is, or null if the page does not show it.</summary>
    public ulong? MemberId { get; init; }

    /// <summary>Whether a defragmentation is running; reported since etcd 3.4.18 and 3.5.2.</summary>
    public bool? IsDefragmenting { get; init; }

    /// <summary>The number of successful defragmentations since the process started.</summary>
    public long? DefragCount { get; init; }

    /// <summary>The duration of these defragmentations together in seconds, as the member has measured it.</summary>
    public double? DefragSeconds { get; init; }

    /// <summary>
    /// Whether a defragmentation of the member blocks it only at its end, while the member serves its clients until
    /// then.
    /// </summary>
    public bool HasNonBlockingDefrag { get; init; }

    /// <summary>
    /// The number of Defragment calls that ended with an error without a code of its own: disk errors and, before etcd
    /// 3.6, refused logins.
    /// </summary>
    public long? FailedDefragCount { get; init; }

    /// <summary>The number of snapshot streams that clients have open, or null if the page does not show it.</summary>
    public long? SnapshotStreams { get; init; }

    /// <summary>
    /// The number of snapshots that this member is sending to other members. The gauge exists in all supported releases
    /// and appears after the first snapshot.
    /// </summary>
    public long SnapshotSends { get; init; }

    /// <summary>
    /// The revision of users and roles, or null if the page does not show it. It is 1 in a cluster that never had any.
    /// </summary>
    public long? AuthRevision { get; init; }

    /// <summary>The start time of the process, in seconds since 1970.</summary>
    public double? ProcessStart { get; init; }

    /// <summary>The quota, negative if it is disabled.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>
    /// Returns how long the only defragmentation since an earlier page took on the member itself, or null if the pages
    /// do not show it.
    /// </summary>
    public TimeSpan? FindDefragDuration(MemberMetrics earlier) =>
        ProcessStart == earlier.ProcessStart
        && DefragCount - earlier.DefragCount is 1
        && DefragSeconds - earlier.DefragSeconds is >= 0 and < LongestDefrag and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

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
            DefragSeconds = Value(Sum),
            HasNonBlockingDefrag = Value(Feature) is 1,
            FailedDefragCount = (long?)Value(Failed),
            SnapshotStreams = Value(StartedCalls) is { } started
                ? (long)Math.Max(0, started - (Value(HandledCalls) ?? 0))
                : null,
            SnapshotSends = (long)(Value(SnapshotSendsName) ?? 0),
            AuthRevision = (long?)Value(AuthRevisionName),
            ProcessStart = Value(Start),
            QuotaBytes = BackendQuota.FromMetrics(Value(Quota)),
        };
    }

    /// <summary>
    /// Returns the name under which a series is stored or added to others of its family, or null if the series is not
    /// needed.
    /// </summary>
    private static string? NameOf(string series) =>
        Wanted.Contains(series) ? series
        : IsOf(SnapshotSendsName, series) ? SnapshotSendsName
        : IsNonBlockingDefrag(series) ? Feature
        : !series.Contains(SnapshotMethod, StringComparison.Ordinal) ? null
        : IsOf(StartedCalls, series) ? StartedCalls
        : IsOf(HandledCalls, series) ? HandledCalls
        : null;

    /// <summary>Whether the series is that of the feature. Its label is not always the first one.</summary>
    private static bool IsNonBlockingDefrag(string series) =>
        IsOf(Feature, series)
        && (
            series.Contains("{" + NonBlockingDefrag, StringComparison.Ordinal)
            || series.Contains("," + NonBlockingDefrag, StringComparison.Ordinal)
        );

    private static bool IsOf(string family, string series) =>
        series.Length > family.Length
        && series[family.Length] == '{'
        && series.StartsWith(family, StringComparison.Ordinal);

    private const string ServerId = "etcd_server_id{server_id=\"";
    private const string InFlight = "etcd_disk_defrag_inflight";
    private const string Count = "etcd_disk_backend_defrag_duration_seconds_count";
    private const string Sum = "etcd_disk_backend_defrag_duration_seconds_sum";
    private const string Failed =
        """grpc_server_handled_total{grpc_code="Unknown",grpc_method="Defragment","""
        + """grpc_service="etcdserverpb.Maintenance",grpc_type="unary"}""";

    private const string SnapshotSendsName = "etcd_network_snapshot_send_inflights_total";
    private const string StartedCalls = "grpc_server_started_total";
    private const string HandledCalls = "grpc_server_handled_total";
    private const string SnapshotMethod = "grpc_method=\"Snapshot\",grpc_service=\"etcdserverpb.Maintenance\"";

    private const string Feature = "etcd_server_feature_enabled";

    private const string NonBlockingDefrag = "name=\"NonBlockingDefrag\"";

    /// <summary>A larger value is not a duration in seconds.</summary>
    private const double LongestDefrag = 1e9;

    private const string AuthRevisionName = "etcd_debugging_auth_revision";
    private const string Start = "process_start_time_seconds";
    private const string Quota = "etcd_server_quota_backend_bytes";

    private static readonly HashSet<string> Wanted = [InFlight, Count, Sum, Failed, AuthRevisionName, Start, Quota];
}
