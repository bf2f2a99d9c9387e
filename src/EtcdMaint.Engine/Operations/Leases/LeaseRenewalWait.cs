using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>
/// Waits after a long pause until each lease that was live before is renewed again or has another holder. A holder of
/// client-go that cannot renew gives up after 10 s, and another candidate takes the lease only 15 s after the last
/// renewal. Directly after the pause, such a loss is not visible yet.
/// </summary>
/// <param name="time">The time of the run.</param>
/// <param name="read">Reads the leases, and returns null if they cannot be read.</param>
/// <param name="observer">Is told which leases were not renewed.</param>
internal sealed class LeaseRenewalWait(TimeProvider time, Func<Task<LeaseReading?>> read, IRunObserver observer)
{
    /// <summary>Returns the last reading.</summary>
    /// <param name="before">The reading before the pause.</param>
    /// <param name="first">The first reading after it. A renewal counts only if it is newer, because a holder may have
    /// renewed its lease between the reading before the pause and the pause.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LeaseReading> WaitAsync(
        LeaseReading before,
        LeaseReading first,
        CancellationToken cancellationToken
    )
    {
        var poll = new PollLoop(time, Limits.Leases.PollInterval);
        LeaseReading last = first;
        while (FindOpen(before, first, last) is { Length: > 0 } open)
        {
            if (!await NextAsync(poll, cancellationToken).ConfigureAwait(false))
            {
                observer.LogVerbose(
                    $"These leases of Kubernetes were not renewed within {poll.Elapsed.TotalSeconds:0} s after the "
                        + $"pause: {LeaseText.List(open)}."
                );
                return last;
            }
            if (await read().ConfigureAwait(false) is not { } again)
                return last;
            last = again;
        }
        return last;
    }

    private static EtcdLease[] FindOpen(LeaseReading before, LeaseReading first, LeaseReading last) =>
        [
            .. before.Live.Where(lease =>
                first.Find(lease) is { } then
                && last.Find(lease) is { } now
                && now.RenewedAt == then.RenewedAt
                && !LeaseComparison.IsLost(lease, now)
            ),
        ];

    private static async Task<bool> NextAsync(PollLoop poll, CancellationToken cancellationToken)
    {
        try
        {
            return await poll.NextAsync(Limits.Leases.RenewalWait, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
