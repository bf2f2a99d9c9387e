using System.Collections.Concurrent;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Defragments members, strictly one after another in each cluster, the leader last.</summary>
[Cmdlet(
    VerbsLifecycle.Invoke,
    "EtcdDefrag",
    DefaultParameterSetName = ByChoice,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium
)]
[OutputType(typeof(EtcdDefragResult))]
public sealed class InvokeEtcdDefragCommand : MemberCommand
{
    private readonly ConcurrentDictionary<EtcdConnection, EtcdDefragRun?> _runBefore = [];

    /// <summary>A rule asked just before a member's turn, with its fresh status as <c>$_</c>.</summary>
    [Parameter]
    [Narrowing(typeof(ScriptBlock))]
    public ScriptBlock? When { get; set; }

    /// <summary>Only members at least this fragmented, 0 to 1.</summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 1.0)]
    public double? MinimumFragmentationRatio { get; set; }

    /// <summary>Only members with at least this many free bytes in their file.</summary>
    [Parameter]
    [Narrowing(typeof(long))]
    [OptionalRange(0, long.MaxValue)]
    public long? MinimumFreeBytes { get; set; }

    /// <summary>Never move the leadership.</summary>
    [Parameter]
    public SwitchParameter KeepLeader { get; set; }

    /// <summary>Do not defragment the leader unless the leadership could be moved first.</summary>
    [Parameter]
    public SwitchParameter RequireLeaderMove { get; set; }

    /// <summary>End the run when the other members stall for longer than this, in seconds.</summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 86400.0)]
    public double? MaximumStallSeconds { get; set; }

    /// <summary>Start no member that is not expected to be done by then.</summary>
    [Parameter]
    [Narrowing(typeof(DateTime))]
    public DateTime? NotAfter { get; set; }

    /// <summary>Go on with the next member after one has failed.</summary>
    [Parameter]
    public SwitchParameter ContinueOnError { get; set; }

    /// <summary>Checks to switch off.</summary>
    [Parameter]
    public EtcdGate[]? Override { get; set; }

    /// <summary>Refuse to run where a second run cannot be kept away.</summary>
    [Parameter]
    public SwitchParameter RequireLock { get; set; }

    /// <summary>Write no lock key to the cluster.</summary>
    [Parameter]
    public SwitchParameter NoClusterLock { get; set; }

    /// <summary>How many clusters are worked on at a time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>How long a stop waits for the member in hand, in seconds.</summary>
    [Parameter]
    [Narrowing(typeof(int))]
    [OptionalRange(0, 86400)]
    public int? StopWaitSeconds { get; set; } = 300;

    private protected override bool Changes => true;

    private protected override int ClustersAtOnce => ThrottleLimit;

    // Here -TimeoutSeconds is the limit of one defragmentation.
    private protected override TimeSpan CallTimeout => TimeSpan.FromSeconds(DefaultTimeoutSeconds);

    private protected override void CheckArguments()
    {
        if (KeepLeader && RequireLeaderMove)
            throw InputErrors.LeaderRulesConflict();
        if (RequireLock && NoClusterLock)
            throw InputErrors.LockRulesConflict();
        base.CheckArguments();
    }

    private protected override Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        _runBefore[work.Connection] = work.Connection.LastRun;
        return work.Connection.Cluster.DefragmentAsync(ToRequest(work), observer, cancellationToken);
    }

    /// <summary>Nothing can be emitted any more, so the host tells how the runs ended.</summary>
    private protected override void OnPipelineStopped()
    {
        foreach ((EtcdConnection connection, EtcdDefragRun? before) in _runBefore)
        {
            if (connection.LastRun is EtcdDefragRun run && run != before)
                Host?.UI?.WriteWarningLine(
                    $"{connection}: {run.Outcome.TrimEnd('.')}; {Rows.Defragmented(run.Result)}."
                );
        }
    }

    private DefragRequest ToRequest(ClusterWork work) =>
        new()
        {
            Targets = work.Targets,
            When = When is null ? null : AskRule(When),
            MinimumFragmentationRatio = MinimumFragmentationRatio,
            MinimumFreeBytes = MinimumFreeBytes,
            KeepLeader = KeepLeader,
            RequireLeaderMove = RequireLeaderMove,
            MaximumStall = MaximumStallSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            NotAfter = NotAfter is { } latest ? new DateTimeOffset(latest) : null,
            ContinueOnError = ContinueOnError,
            Override = new HashSet<EtcdGate>(Override ?? []),
            RequireLock = RequireLock,
            NoClusterLock = NoClusterLock,
            CallTimeout = CallTimeout,
            DefragTimeout = IsBound(nameof(TimeoutSeconds)) ? TimeSpan.FromSeconds(TimeoutSeconds) : null,
            StopTimeout = TimeSpan.FromSeconds(StopWaitSeconds!.Value),
            PlanOnly = PlansOnly(work),
        };
}
