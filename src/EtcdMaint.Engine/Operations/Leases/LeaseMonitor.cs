using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>Why no other member may start: more leases were lost than the user allows.</summary>
/// <param name="Reason">The reason, which names the leases and their holders.</param>
/// <param name="Brief">The same in few words.</param>
internal sealed record LeaseLimitExceeded(string Reason, string Brief);

/// <summary>
/// Observes the leader-election leases of Kubernetes during a run: reads them before the first member, and compares
/// them after each member. If the user may not read them, the run continues and the leases are unknown.
/// </summary>
internal sealed class LeaseMonitor(
    ClusterContext context,
    EtcdConnection connection,
    DefragRequest request,
    IRunObserver observer
)
{
    private readonly LeaseReader _reader = new(new LeaseMapper(connection.ClusterName, connection.ClusterId ?? ""));
    private readonly List<EtcdLostLease> _lost = [.. request.LeaseLost];
    private bool _hasBegun;
    private LeaseReading? _first;

    /// <summary>The last reading that succeeded, with which the next one is compared.</summary>
    private LeaseReading? _last;

    /// <summary>Whether the leases could be read after the last member.</summary>
    private bool _isLastKnown;

    /// <summary>What the report contains; null if no member was about to be defragmented.</summary>
    public ObservedLeases? Observed =>
        _hasBegun ? new ObservedLeases(ListOf(_first), _isLastKnown ? ListOf(_last) : null, Lost) : null;

    /// <summary>Null rather than an empty list if there may be losses that are not known.</summary>
    private EtcdList<EtcdLostLease>? Lost => _isLastKnown || _lost.Count > 0 ? [.. _lost] : null;

    /// <summary>Reads the leases before the first member of the run, or again if they could not be read.</summary>
    /// <param name="state">The state of the voters.</param>
    /// <param name="member">The member that is next. It is asked last, because the final check shows whether it
    /// answers.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task BeginAsync(ClusterState state, ResolvedMember member, CancellationToken cancellationToken)
    {
        if (_hasBegun && _first is not null)
            return;
        _first = _last = await TryReadAsync(Ask(state, member), cancellationToken).ConfigureAwait(false);
        _hasBegun = true;
        if (_first?.Leases.Length > 0)
            observer.LogVerbose(
                $"{connection.ClusterName}: the run observes {LeaseText.Count(_first.Leases.Length)} of Kubernetes."
            );
    }

    /// <summary>Compares the leases after a member with those before it.</summary>
    /// <param name="state">The state of the voters before the member.</param>
    /// <param name="member">The member.</param>
    /// <param name="pause">How long it was unavailable; null if it may still be defragmenting.</param>
    /// <param name="cancellationToken">Ends the wait for renewals.</param>
    public async Task CompareAsync(
        ClusterState state,
        ResolvedMember member,
        TimeSpan? pause,
        CancellationToken cancellationToken
    )
    {
        if (_last is not { } before)
            return;
        ClusterMembership asked = Ask(state, member, mayAskLast: pause is not null);
        LeaseReading? after =
            await TryReadAsync(asked, CancellationToken.None).ConfigureAwait(false)
            ?? await TryReadAsync(asked, CancellationToken.None).ConfigureAwait(false);
        if (after is not null && pause >= Limits.Leases.RenewalWaitThreshold && CanBeRenewed(state))
            after = await new LeaseRenewalWait(
                context.Time,
                () => TryReadAsync(asked, CancellationToken.None),
                observer
            )
                .WaitAsync(before, after, cancellationToken)
                .ConfigureAwait(false);
        _isLastKnown = after is not null;
        if (after is null)
        {
            observer.Warn(
                $"LeaseUnknown: the leases of Kubernetes in {connection.ClusterName} could not be read after {member}, "
                    + "so it is unknown whether one was lost."
            );
            return;
        }
        _last = after;
        EtcdLostLease[] lost = LeaseComparison.FindLost(before, after, member);
        _lost.AddRange(lost);
        if (lost.Length > 0)
            Report(lost, member);
    }

    /// <summary>Returns why no other member may start, or null if one may.</summary>
    public LeaseLimitExceeded? FindExceeded() =>
        _lost.Count > request.MaximumLeaseLost
            ? new LeaseLimitExceeded(
                $"{LeaseText.Count(_lost.Count)} of Kubernetes {(_lost.Count == 1 ? "was" : "were")} lost, and "
                    + $"-MaximumLeaseLost allows {request.MaximumLeaseLost}: {LeaseText.List(_lost)}",
                $"LeaseLost: {LeaseText.Count(_lost.Count)} after {_lost[^1].MemberName}"
            )
            : null;

    private void Report(EtcdLostLease[] lost, ResolvedMember member)
    {
        string what =
            $"{LeaseText.Count(lost.Length)} of {connection.ClusterName} {(lost.Length == 1 ? "was" : "were")} lost "
            + $"while {member} was being defragmented: {LeaseText.List(lost)}.";
        if (FindExceeded() is null)
            observer.LogVerbose(what);
        else
            observer.Warn($"LeaseLost: {what} No other member starts (-MaximumLeaseLost {request.MaximumLeaseLost}).");
    }

    /// <summary>Returns null if the leases are unknown.</summary>
    private async Task<LeaseReading?> TryReadAsync(ClusterMembership asked, CancellationToken cancellationToken)
    {
        Moment at = Moment.Now(context.Time);
        try
        {
            if (await _reader.ReadAsync(asked, cancellationToken).ConfigureAwait(false) is { } leases)
                return new LeaseReading(leases, at);
            observer.LogVerbose(
                $"{connection.ClusterName}: there are more than {LeaseText.Count(Limits.Leases.MaximumCount)} of "
                    + "Kubernetes, so the run does not observe them."
            );
        }
        catch (EtcdException failed)
        {
            observer.LogVerbose(
                $"{connection.ClusterName}: the leases of Kubernetes are unknown: {failed.Message} The run continues."
            );
        }
        return null;
    }

    /// <summary>A renewal is a write, and while NOSPACE is armed, the cluster refuses all of them.</summary>
    private static bool CanBeRenewed(ClusterState state) => !state.Voters.Any(v => AlarmStrings.HasNoSpace(v.Status));

    private static EtcdList<EtcdLease>? ListOf(LeaseReading? reading) => reading is null ? null : [.. reading.Leases];

    /// <summary>The voters that answered, in the order in which they are asked.</summary>
    /// <param name="state">The state of the voters.</param>
    /// <param name="last">The member to ask last.</param>
    /// <param name="mayAskLast">Whether this member may be asked at all. It may still be defragmenting.</param>
    private static ClusterMembership Ask(ClusterState state, ResolvedMember last, bool mayAskLast = true)
    {
        ILookup<bool, ResolvedMember> answering = state
            .Voters.Where(v => v.Status is not null)
            .Select(v => v.Member)
            .ToLookup(m => m.Id == last.Id);
        return state.ClusterMembership with
        {
            Members = mayAskLast ? [.. answering[false], .. answering[true]] : [.. answering[false]],
        };
    }
}
