using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The state that the parts of one run share.</summary>
internal sealed class DefragContext(
    ClusterContext context,
    EtcdConnection connection,
    DefragRequest request,
    IRunObserver observer
)
{
    private readonly DefragPolicy _policy = new(request);

    private readonly DefragPolicy _policyOfDecided = new(DefragPolicy.WithoutThresholds(request));

    public ClusterContext Context { get; } = context;

    public EtcdConnection Connection { get; } = connection;

    public DefragRequest Request { get; } = request;

    public IRunObserver Observer { get; } = observer;

    public DefragResultCollector Results { get; } = new(request, observer);

    public GateWaiter Gate { get; } = new(context, connection.ClusterName, request, observer);

    public DefragDurationEstimator Estimate { get; } = new();

    public LeaseMonitor Leases { get; } = new(context, connection, request, observer);

    /// <summary>Returns why the sizes of a waiting member alone exclude it, or null if they do not.</summary>
    public string? FindReasonInSizes(MemberReading reading) =>
        PolicyFor(reading).EvaluateSizes(StatusOf(reading), IsInUseDoubtful(reading));

    /// <summary>
    /// Returns why a waiting member is skipped, by its sizes or by the user's rule, or null if it is not.
    /// </summary>
    public Task<string?> FindReasonToSkipAsync(MemberReading reading) =>
        PolicyFor(reading).EvaluateAsync(StatusOf(reading), IsInUseDoubtful(reading));

    /// <summary>
    /// Returns what a plan for the member depends on, or null if its figures are known: a compaction that comes first,
    /// or pages that the member does not yet report as free.
    /// </summary>
    /// <param name="reading">The current figures of the member.</param>
    /// <param name="predicted">The predicted pause with these figures, which a compaction can only shorten.</param>
    /// <param name="isLeader">Whether the member is the leader.</param>
    public string? FindDependence(MemberReading reading, TimeSpan predicted, bool isLeader)
    {
        string range = ReclaimRange.Of(reading.Status!).ToString();
        if (!Results.IsBeforeCompaction(reading.Id))
            return IsInUseDoubtful(reading) && DataInUseWarning.IsNearlyAllInUse(reading.Status!)
                ? $"reclaims {range}: members report free pages late under NOSPACE"
                : null;
        var depends = new List<string> { $"reclaims {range}, known after the compaction" };
        if (_policy.EvaluateSizes(StatusOf(reading), mayShowFreePagesLate: false) is { } reason)
            depends.Add($"depends on the sizes then (now: {reason})");
        else if (Request.When is not null)
            depends.Add("depends on -When then");
        if (isLeader && LeaderMovePolicy.DependsOnPause(Request, predicted))
            depends.Add(LeaderMovePolicy.Condition);
        return string.Join("; ", depends);
    }

    /// <summary>Returns why a member that would finish at this time may no longer start, or null if it may.</summary>
    public string? FindTooLate(DateTimeOffset end) =>
        end > Request.NotAfter ? $"it would end after {Request.NotAfter:u}" : null;

    private DefragPolicy PolicyFor(MemberReading reading) =>
        Request.Decided.Contains(reading.Id) ? _policyOfDecided : _policy;

    private EtcdMemberStatus StatusOf(MemberReading reading) =>
        RecordMapper.Status(Results[reading.Id].Member, reading);

    /// <summary>
    /// Freed pages become visible only with a further commit, and a cluster that refuses writes makes none, so the
    /// member may reclaim far more than it reports. Observed on 3.4.23 always, on 3.5.30 under load.
    /// </summary>
    private static bool IsInUseDoubtful(MemberReading reading) => AlarmStrings.HasNoSpace(reading.Status);
}
