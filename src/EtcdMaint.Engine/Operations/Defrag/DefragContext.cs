using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>What the parts of one run share.</summary>
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

    public DefragResultCollector Book { get; } = new(request, observer);

    public GateWaiter Gate { get; } = new(context, connection.ClusterName, request, observer);

    public DefragDurationEstimator Estimate { get; } = new();

    /// <summary>Why the sizes alone rule a waiting member out; null when they do not.</summary>
    public string? FindReasonInSizes(MemberReading reading) =>
        _policy.EvaluateSizes(StatusOf(reading), IsInUseDoubtful(reading));

    /// <summary>Why a waiting member is not worth it, by its sizes or by the user's rule; null when it is.</summary>
    public Task<string?> FindReasonToSkipAsync(MemberReading reading) =>
        _policy.EvaluateAsync(StatusOf(reading), IsInUseDoubtful(reading));

    /// <summary>Why a member that would be done by then may not start any more; null when it may.</summary>
    public string? FindTooLate(DateTimeOffset end) =>
        end > Request.NotAfter ? $"it would end after {Request.NotAfter:u}" : null;

    private EtcdMemberStatus StatusOf(MemberReading reading) => RecordMapper.Status(Book[reading.Id].Member, reading);

    /// <summary>
    /// Freed pages show only with one more commit, and a cluster that refuses writes makes none: it may have far more
    /// to gain than it says. Observed on 3.4.23 always, on 3.5.30 under load.
    /// </summary>
    private static bool IsInUseDoubtful(MemberReading reading) => AlarmStrings.HasNoSpace(reading.Status);
}
