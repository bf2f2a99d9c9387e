using System.Management.Automation;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Cmdlets;

/// <summary>Requests the status of all members in parallel and shows it, once or continuously.</summary>
[Cmdlet(VerbsCommon.Get, "EtcdMemberStatus", DefaultParameterSetName = ByChoice)]
[OutputType(typeof(EtcdMemberStatus))]
public sealed class GetEtcdMemberStatusCommand : MemberCommand
{
    private const int MostSeconds = 86400;

    /// <summary>
    /// The time limit of a call in a continuous view. With the usual one, a member that is silent would stop the view
    /// for too long.
    /// </summary>
    private static readonly TimeSpan ContinuousTimeout = TimeSpan.FromSeconds(5);

    private HistoryStore? _history;

    private bool _isDrawn;

    /// <summary>Whether to read the status again and again, until the pipeline is stopped.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>The time from the start of one reading to the start of the next one, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, MostSeconds)]
    public int IntervalSeconds { get; set; } = 2;

    /// <summary>
    /// The file to which a line is appended for each cluster, or a folder with a file for each cluster.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HistoryPath { get; set; }

    private protected override bool ListsMembers => false;

    private protected override TimeSpan CallTimeout =>
        !Continuous || IsBound(nameof(TimeoutSeconds)) ? base.CallTimeout
        : Interval > ContinuousTimeout ? Interval
        : ContinuousTimeout;

    private TimeSpan Interval => TimeSpan.FromSeconds(IntervalSeconds);

    /// <summary>Decides where the output goes, before the pipeline starts.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _isDrawn = Continuous && HostTerminal.ShowsOutputOf(this);
    }

    private protected override void CheckArguments()
    {
        base.CheckArguments();
        if (!Continuous && IsBound(nameof(IntervalSeconds)))
            throw InputErrors.IntervalWithoutContinuous();
        _history = HistoryLocation.Open(this, HistoryPath);
    }

    private protected override async Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        HistoryObserver? recorder = _history is null
            ? null
            : new HistoryObserver(_history, observer, TimeProvider.System);
        await work.Connection.Cluster.GetStatusAsync(
            work.IsWhole ? null : work.Members,
            CallTimeout,
            recorder ?? observer,
            cancellationToken
        );
        recorder?.AppendStatus();
    }

    private protected override Task RunAllAsync(
        IReadOnlyList<ClusterWork> works,
        PipelinePump pump,
        CancellationToken cancellationToken
    )
    {
        if (!Continuous)
            return base.RunAllAsync(works, pump, cancellationToken);
        Func<IReadOnlyList<ClusterReading>, Task> show = _isDrawn
            ? new StatusScreenOutput(this, pump, Interval).ShowAsync
            : new StatusRowOutput(pump).ShowAsync;
        return new ContinuousStatusReader(works, RunAsync, Interval).RunAsync(
            async readings =>
            {
                await pump.EndProgressAsync();
                await show(readings);
            },
            cancellationToken
        );
    }
}
