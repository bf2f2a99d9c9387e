using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>Decides whether the API server of Kubernetes still compacts the history.</summary>
internal static class ApiServerCompactionPolicy
{
    /// <summary>An age in seconds that a TimeSpan can hold. A very low rate gives a longer one.</summary>
    private const double LongestAge = 1e9;

    /// <summary>
    /// Estimates the age of the record from the rate of the writes. A burst before the measurement makes the record
    /// look older than it is, so the age is null, which means unknown, until very many revisions have followed.
    /// </summary>
    public static TimeSpan? EstimateAge(ApiServerCompaction api, ClusterHistory history)
    {
        long since = history.Newest - api.TickRevision;
        return since >= Limits.Compaction.LongestBurst && history.WritesPerSecond is > 0 and { } rate
            ? TimeSpan.FromSeconds(Math.Min(LongestAge, since / rate))
            : null;
    }

    /// <summary>
    /// Judges whether the API server still compacts. If its age is unknown, it counts as running, because clients rely
    /// on the history that it keeps.
    /// </summary>
    /// <param name="api">What the API server has recorded.</param>
    /// <param name="age">The age of the record, or null if it is unknown.</param>
    /// <param name="interval">The time between its last two ticks, or null if it is unknown.</param>
    public static ApiServerCompaction Judge(ApiServerCompaction api, TimeSpan? age, TimeSpan? interval)
    {
        TimeSpan usual = Limits.Compaction.ApiServerSilentIntervals * (interval ?? TimeSpan.Zero);
        TimeSpan silence = usual > Limits.Compaction.ApiServerSilence ? usual : Limits.Compaction.ApiServerSilence;
        return api with { Age = age, IsStale = age > silence };
    }
}
