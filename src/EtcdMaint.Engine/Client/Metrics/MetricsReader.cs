using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client.Metrics;

/// <summary>
/// Reads the metrics of a member from the first source that answers. A source that can never work here is not tried
/// again. A source that failed is not tried for a time that doubles with each failure.
/// </summary>
internal sealed class MetricsReader(IEnumerable<IMetricsSource> sources, TimeProvider time) : IDisposable
{
    /// <summary>A member returns the page at once, also while it defragments.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(3);

    private readonly Attempts[] _sources = [.. sources.Select(s => new Attempts(s, time))];

    /// <summary>Returns null if no source returns the page of a member. Throws only if the call is cancelled.</summary>
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

    /// <summary>
    /// A source and the results of its attempts. Two concurrent calls may both use it, which does no harm.
    /// </summary>
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

                // Every etcd since 3.4 reports its ID there, so this page belongs to another program.
                _isOver = metrics.MemberId is null;
                return _isOver ? null : metrics;
            }
            catch (DialException failed)
            {
                limit.Stop.ThrowIfCancellationRequested();
                _isOver = IsLasting(failed.Failure);

                // A slow failure delays the caller, so the source is tried less often.
                TimeSpan took = time.GetElapsedTime(started);
                TimeSpan next = 2 * (took > _pause ? took : _pause);
                Volatile.Write(ref _failedAt, time.GetTimestamp());
                _pause = next < LongestPause ? next : LongestPause;
                return null;
            }
        }

        public void Dispose() => source.Dispose();

        /// <summary>
        /// A missing permission, program or file remains missing, and a URL continues to serve another program.
        /// </summary>
        private static bool IsLasting(CallFailure failure) =>
            failure
                is CallFailure.AccessForbidden
                    or CallFailure.SshForwardingRefused
                    or CallFailure.ProgramMissing
                    or CallFailure.CertificateUnreadable
                    or CallFailure.NotEtcd
                    or CallFailure.NotSupportedHere;
    }
}
