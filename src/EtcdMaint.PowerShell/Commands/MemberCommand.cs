using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A cmdlet that works on members. It determines the selected members and their clusters. It selects all members only
/// if nothing was piped and nothing was selected. An empty pipeline or an empty selection means no member, never all
/// members.
/// </summary>
public abstract class MemberCommand : TargetCommand
{
    private protected const string ByChoice = "Choice";

    private const string ByRecord = "Record";

    private readonly List<IEtcdMemberRecord> _records = [];

    private readonly List<string> _names = [];

    private readonly List<UnusableInput> _unusable = [];

    private bool _memberWasNamed;

    /// <summary>The connections to the clusters.</summary>
    [Parameter(ParameterSetName = ByChoice, ValueFromPipeline = true)]
    public EtcdConnection[]? Connection { get; set; }

    /// <summary>The names of members. Wildcards are allowed.</summary>
    [Parameter(ParameterSetName = ByChoice, Position = 0)]
    [Alias("Name")]
    [Narrowing]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[]? MemberName { get; set; }

    /// <summary>The IDs of members, in hexadecimal as etcdctl prints them.</summary>
    [Parameter(ParameterSetName = ByChoice)]
    [Narrowing]
    [ArgumentCompleter(typeof(MemberIdCompleter))]
    public string[]? MemberId { get; set; }

    /// <summary>Members, or objects that contain a member.</summary>
    [Parameter(ParameterSetName = ByRecord, Position = 0, ValueFromPipeline = true)]
    [MemberRecord(TakesAnything = true)]
    public IEtcdMemberRecord[]? InputObject { get; set; }

    /// <summary>Members, from an argument or from a property of this name.</summary>
    [Parameter(ParameterSetName = ByRecord, ValueFromPipelineByPropertyName = true)]
    [MemberRecord]
    public EtcdMember[]? Member { get; set; }

    /// <summary>The members and results from the pipeline and the command line.</summary>
    private protected IReadOnlyList<IEtcdMemberRecord> Records => _records;

    private protected override EtcdConnection[]? CurrentConnection => Connection;

    private protected override bool NeedsDefault => _names.Count > 0;

    private protected override IEnumerable<EtcdConnection?> TargetConnections =>
        Connections.Concat(_records.Select(ClusterGrouping.ConnectionOf));

    /// <summary>Whether the cmdlet needs the list of members even if all members are selected.</summary>
    private protected virtual bool ListsMembers => true;

    /// <summary>Whether the cmdlet processes alarm objects as alarms, and not as the members of the alarms.</summary>
    private protected virtual bool TakesAlarms => false;

    private protected virtual int ClustersAtOnce => ClusterThrottle.ReadLimit;

    /// <summary>Records which parameters the command line specifies, before the pipeline binds any.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _memberWasNamed = IsBound(nameof(Member));
    }

    /// <summary>Collects the pipeline input. The work starts when the input is complete.</summary>
    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        foreach (IEtcdMemberRecord record in (InputObject ?? []).Where(record => record is not null))
        {
            if (record is PipedName text)
                _names.AddRange(string.IsNullOrWhiteSpace(text.Name) ? [] : [text.Name]);
            else if (record is not UnusableInput unusable)
                _records.Add(record);
            else if (Member is null || _memberWasNamed)
                _unusable.Add(unusable);
        }

        // A result binds twice: by value, and by its property Member. Only the result itself contains the outcome.
        if (InputObject is null or [UnusableInput] || _memberWasNamed)
            _records.AddRange((Member ?? []).Where(member => member is not null));
    }

    /// <summary>Reports all objects that are not members in one error, and processes the other input.</summary>
    protected override void EndProcessing()
    {
        if (_unusable.Count > 0)
            WriteError(
                InputErrors
                    .InputNotAMember(
                        _unusable.Count,
                        [.. _unusable.Select(input => input.TypeName).Distinct()],
                        _unusable[0].Value
                    )
                    .ToErrorRecord()
            );
        base.EndProcessing();
    }

    private protected override void CheckArguments()
    {
        // The check waits until all records are known: an earlier error would interrupt the previous step, which may be
        // processing the next member.
        if (Changes && _records.OfType<SelectedRecord>().FirstOrDefault(record => record.IsStatusLost) is { } lost)
            throw InputErrors.StatusNotSelected(lost);
    }

    private protected override string? WhyNothing() =>
        base.WhyNothing()
        ?? (
            IsNamed(nameof(InputObject), nameof(Member)) && _records.Count == 0 && _names.Count == 0
                ? "No member was specified, so the cmdlet did nothing."
                : null
        );

    private protected abstract Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>Whether to change nothing: with <c>-WhatIf</c>, or after a cmdlet that only planned.</summary>
    private protected bool PlansOnly(ClusterWork work) => IsWhatIf || work.IsPlanned;

    private bool IsNamed(params string[] parameters) => parameters.Any(IsBound);

    private protected override async Task WorkAsync(
        ConnectionChoice? fallback,
        EtcdConnection? preferred,
        PipelinePump pump,
        CancellationToken cancellationToken
    )
    {
        if (IsWhatIf && EarlierStep.Describe(_records) is { } done)
            pump.Warn(
                $"EarlierStepDone: {done}. Only {MyInvocation.MyCommand.Name} is planned. To plan the whole line, set "
                    + "$WhatIfPreference = $true before it, or use Invoke-EtcdMaintenance -WhatIf."
            );
        var choice = new MemberChoice(_names.Count > 0 ? [.. _names] : MemberName, MemberId);
        var clusters = new ClusterGrouping();
        foreach (EtcdException error in clusters.Add(_records, TakesAlarms))
            pump.ReportError(error);

        if (Connections.Count > 0)
            await ChooseAsync(Connections, choice, clusters, pump, cancellationToken);
        else if (fallback is not null && await fallback.OpenAsync(CallTimeout, pump, cancellationToken) is { } found)
            await ChooseAsync([found], choice, clusters, pump, cancellationToken);

        if (Changes)
            await MergeAsync(clusters, preferred, pump, cancellationToken);
        await RunAllAsync(clusters.Works, pump, cancellationToken);
    }

    /// <summary>Runs the work in all clusters.</summary>
    private protected virtual Task RunAllAsync(
        IReadOnlyList<ClusterWork> works,
        PipelinePump pump,
        CancellationToken cancellationToken
    ) => new ClusterScheduler(ClustersAtOnce, Changes).RunAsync(works, RunObservedAsync, pump, cancellationToken);

    // -WhatIf was specified for another cmdlet, so this one does not prompt and does not report its actions as done.
    private Task RunObservedAsync(ClusterWork work, IRunObserver observer, CancellationToken cancellationToken) =>
        RunAsync(work, work.IsPlanned && !IsWhatIf ? new WhatIfObserver(observer) : observer, cancellationToken);

    private async Task ChooseAsync(
        IReadOnlyList<EtcdConnection> connections,
        MemberChoice choice,
        ClusterGrouping clusters,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var discovery = new MemberSurvey(CallTimeout, observer);
        if (!ListsMembers && choice.TakesAll)
            discovery.TakeWhole(connections, clusters);
        else
            await discovery.ListAsync(connections, choice, clusters, cancellationToken);
    }
}
