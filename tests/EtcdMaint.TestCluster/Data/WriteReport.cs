namespace EtcdMaint.TestCluster;

/// <summary>The result of a <see cref="WriteRecorder"/>.</summary>
/// <param name="Lost">Acknowledged keys that can no longer be read: always an error.</param>
/// <param name="Failed">Writes without an acknowledgement; etcd may have executed them nevertheless.</param>
/// <param name="LongestSilence">The longest time without an acknowledged write.</param>
public sealed record WriteReport(
    int Acknowledged,
    IReadOnlyList<string> Lost,
    IReadOnlyList<FailedWrite> Failed,
    TimeSpan LongestSilence
);

/// <summary>A write that was not acknowledged.</summary>
public sealed record FailedWrite(DateTimeOffset At, string Member, string Reason);
