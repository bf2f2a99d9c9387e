using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client.Metrics;

/// <summary>
/// Reads a member's metrics from the first of its sources that answers. A source that can never work here is not asked
/// again, and one that has failed is left alone for a time that doubles with each failure.
/// </summary>
internal sealed class MetricsReader(IEnumerable<IMetricsSource> sources, TimeProvider time) : IDisposable
{
    /// <summary>A member gives the page at once, also while it defragments.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(3);

    private readonly Attempts[] _sources = [.. sources.Select(s => new Attempts(s, time))];

    /// <summary>Null where no source gives the page of a member. Throws nothing but on a stop.</summary>
    public async Task<MemberMetrics?> ReadAsync(CallBudget limit)
    {
        long started = time.GetTimestamp();
        foreach (Attempts source in _sources.Where(s => s.IsDue))
        {
            TimeSpan left = limit.Timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return null;
            CallBudget share = (limit with { Timeout = left }).AtMost(LongestRead);
            if (await source.TryAsync(share).ConfigureAwait(false) is { } metrics)
                return metrics;
        }
        return null;
    }

    public void Dispose()
    {
        foreach (Attempts source in _sources)
            source.Dispose();
    }

    /// <summary>A source with what came of asking it. Two calls at once may both ask it, which does no harm.</summary>
    private sealed class Attempts(IMetricsSource source, TimeProvider time) : IDisposable
    {
        private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

        private volatile bool _isOver;
        private TimeSpan _pause;
        private long _failedAt;

        public bool IsDue =>
            !_isOver && (_pause == TimeSpan.Zero || time.GetElapsedTime(Volatile.Read(ref _failedAt)) >= _pause);

        public async Task<MemberMetrics?> TryAsync(CallBudget limit)
        {
            long started = time.GetTimestamp();
            try
            {
                MemberMetrics metrics = await source.ReadAsync(limit).ConfigureAwait(false);
                _pause = TimeSpan.Zero;

                // Every etcd since 3.4 names itself there, so this is the page of something else.
                _isOver = metrics.MemberId is null;
                return _isOver ? null : metrics;
            }
            catch (DialException failed)
            {
                limit.Stop.ThrowIfCancellationRequested();
                _isOver = IsLasting(failed.Failure);

                // What failed late costs its caller more each time, so it is asked less often.
                TimeSpan took = time.GetElapsedTime(started);
                TimeSpan next = 2 * (took > _pause ? took : _pause);
                Volatile.Write(ref _failedAt, time.GetTimestamp());
                _pause = next < LongestPause ? next : LongestPause;
                return null;
            }
        }

        public void Dispose() => source.Dispose();

        /// <summary>A missing right, program or file stays missing, and a URL goes on serving something else.</summary>
        private static bool IsLasting(CallFailure failure) =>
            failure
                is CallFailure.WayInForbidden
                    or CallFailure.SshForwardingRefused
                    or CallFailure.ProgramMissing
                    or CallFailure.CertificateUnreadable
                    or CallFailure.NotEtcd
                    or CallFailure.NotSupportedHere;
    }
}
