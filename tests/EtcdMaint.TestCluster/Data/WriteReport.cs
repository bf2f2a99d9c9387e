namespace EtcdMaint.TestCluster;

/// <summary>What a <see cref="WriteRecorder"/> saw.</summary>
/// <param name="Lost">Acknowledged keys that cannot be read any more: always a fault.</param>
/// <param name="Failed">Writes without an acknowledgement; etcd may have done them all the same.</param>
/// <param name="LongestSilence">The longest time without an acknowledged write.</param>
public sealed record WriteReport(
    int Acknowledged,
    IReadOnlyList<string> Lost,
    IReadOnlyList<FailedWrite> Failed,
    TimeSpan LongestSilence
);

/// <summary>A write that was not acknowledged.</summary>
public sealed record FailedWrite(DateTimeOffset At, string Member, string Reason);
