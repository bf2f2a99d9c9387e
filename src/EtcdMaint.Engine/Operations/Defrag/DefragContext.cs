using EtcdMaint.Engine.Membership;
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

    public ClusterContext Context { get; } = context;

    public EtcdConnection Connection { get; } = connection;

    public DefragRequest Request { get; } = request;

    public IRunObserver Observer { get; } = observer;

    public DefragResultCollector Results { get; } = new(request, observer);

    public GateWaiter Gate { get; } = new(context, connection.ClusterName, request, observer);

    public DefragDurationEstimator Estimate { get; } = new();

    /// <summary>Returns why the sizes of a waiting member alone exclude it, or null if they do not.</summary>
    public string? FindReasonInSizes(MemberReading reading) =>
        _policy.EvaluateSizes(StatusOf(reading), IsInUseDoubtful(reading));

    /// <summary>
    /// Returns why a waiting member is skipped, by its sizes or by the user's rule, or null if it is not.
    /// </summary>
    public Task<string?> FindReasonToSkipAsync(MemberReading reading) =>
        _policy.EvaluateAsync(StatusOf(reading), IsInUseDoubtful(reading));

    /// <summary>Returns why a member that would finish at this time may no longer start, or null if it may.</summary>
    public string? FindTooLate(DateTimeOffset end) =>
        end > Request.NotAfter ? $"it would end after {Request.NotAfter:u}" : null;

    private EtcdMemberStatus StatusOf(MemberReading reading) =>
        RecordMapper.Status(Results[reading.Id].Member, reading);

    /// <summary>
    /// Freed pages become visible only with a further commit, and a cluster that refuses writes makes none, so the
    /// member may reclaim far more than it reports. Observed on 3.4.23 always, on 3.5.30 under load.
    /// </summary>
    private static bool IsInUseDoubtful(MemberReading reading) => AlarmStrings.HasNoSpace(reading.Status);
}
