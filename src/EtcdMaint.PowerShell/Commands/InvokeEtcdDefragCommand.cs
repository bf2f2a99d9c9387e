using System.Collections.Concurrent;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Defragments members strictly one after another in each cluster, with the leader last.</summary>
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

    private int _collectorsBefore;

    /// <summary>
    /// A rule that is evaluated directly before the turn of a member, with its current status as <c>$_</c>.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(ScriptBlock))]
    public ScriptBlock? When { get; set; }

    /// <summary>Selects only members with at least this fragmentation, 0 to 1.</summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 1.0)]
    public double? MinimumFragmentationRatio { get; set; }

    /// <summary>Selects only members with at least this number of free bytes in their file.</summary>
    [Parameter]
    [Narrowing(typeof(long))]
    [OptionalRange(0, long.MaxValue)]
    public long? MinimumFreeBytes { get; set; }

    /// <summary>Whether to leave leadership where it is.</summary>
    [Parameter]
    public SwitchParameter KeepLeader { get; set; }

    /// <summary>Whether to defragment the leader only if leadership could be moved first.</summary>
    [Parameter]
    public SwitchParameter RequireLeaderMove { get; set; }

    /// <summary>Ends the run if the other members stall for longer than this, in seconds.</summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 86400.0)]
    public double? MaximumStallSeconds { get; set; }

    /// <summary>
    /// Ends the run if more leader-election leases of Kubernetes were lost than this; null allows any number.
    /// </summary>
    [Parameter]
    [OptionalRange(0, int.MaxValue)]
    public int? MaximumLeaseLost { get; set; } = 0;

    /// <summary>No member starts whose predicted end is after this time.</summary>
    [Parameter]
    [Narrowing(typeof(DateTime))]
    public DateTime? NotAfter { get; set; }

    /// <summary>Whether to continue with the next member after one has failed.</summary>
    [Parameter]
    public SwitchParameter ContinueOnError { get; set; }

    /// <summary>The checks to turn off.</summary>
    [Parameter]
    public EtcdGate[]? Override { get; set; }

    /// <summary>Whether to require all locks that exclude a second run.</summary>
    [Parameter]
    public SwitchParameter RequireLock { get; set; }

    /// <summary>Whether to write no lock to the cluster.</summary>
    [Parameter]
    public SwitchParameter NoClusterLock { get; set; }

    /// <summary>The number of clusters to process at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>How long a stopped run waits for the current member, in seconds.</summary>
    [Parameter]
    [Narrowing(typeof(int))]
    [OptionalRange(0, 86400)]
    public int? StopWaitSeconds { get; set; } = 300;

    private protected override bool Changes => true;

    private protected override int ClustersAtOnce => ThrottleLimit;

    // In this cmdlet, -TimeoutSeconds is the limit of one defragmentation.
    private protected override TimeSpan CallTimeout => TimeSpan.FromSeconds(DefaultTimeoutSeconds);

    /// <summary>Remembers which cmdlets have begun before this one.</summary>
    protected override void BeginProcessing()
    {
        _collectorsBefore = PipelineSummary.Collectors;
        base.BeginProcessing();
    }

    /// <summary>If Clear-EtcdAlarm follows in the pipeline, its line sums up this cmdlet too.</summary>
    private protected override PipelineSummary? NewSummary() =>
        PipelineSummary.Collectors > _collectorsBefore ? null : new PipelineSummary { IsPlan = IsWhatIf };

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

    /// <summary>The cmdlet can no longer emit output, so the host shows how the runs ended.</summary>
    private protected override void OnPipelineStopped()
    {
        foreach ((EtcdConnection connection, EtcdDefragRun? before) in _runBefore)
        {
            if (connection.LastRun is EtcdDefragRun run && run != before)
                Host?.UI?.WriteWarningLine(RowText.Stopped(connection, run.Outcome, run.Result));
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
            MaximumLeaseLost = MaximumLeaseLost,
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
