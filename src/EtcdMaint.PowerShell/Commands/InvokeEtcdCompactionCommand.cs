using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Compacts the history of clusters and waits for each member until the history has been physically removed.
/// </summary>
[Cmdlet(
    VerbsLifecycle.Invoke,
    "EtcdCompaction",
    DefaultParameterSetName = ByChoice,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium
)]
[OutputType(typeof(EtcdCompactionResult))]
public sealed class InvokeEtcdCompactionCommand : MemberCommand
{
    /// <summary>The revision to compact to. By default, it is the newest one.</summary>
    [Parameter]
    [Narrowing(typeof(long))]
    public long? Revision { get; set; }

    /// <summary>The number of revisions below the newest one to keep.</summary>
    [Parameter]
    [Narrowing(typeof(long))]
    public long? KeepRevisions { get; set; }

    /// <summary>
    /// The time whose revisions to keep, at the rate of the writes that the cmdlet measures first. With
    /// <c>-KeepRevisions</c>, the cmdlet keeps the larger number.
    /// </summary>
    [Parameter]
    [Narrowing]
    [Duration]
    public TimeSpan? KeepDuration { get; set; }

    private protected override bool Changes => true;

    private protected override void CheckArguments()
    {
        if (Revision is not null && KeepRevisions is not null)
            throw InputErrors.RevisionChosenTwice(nameof(KeepRevisions));
        if (Revision is not null && KeepDuration is not null)
            throw InputErrors.RevisionChosenTwice(nameof(KeepDuration));
        if (Revision is < 0)
            throw InputErrors.RevisionNegative(nameof(Revision), Revision.Value);
        if (KeepRevisions is < 0)
            throw InputErrors.RevisionNegative(nameof(KeepRevisions), KeepRevisions.Value);
        base.CheckArguments();
    }

    private protected override Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var request = new CompactionRequest
        {
            Targets = work.Targets,
            Revision = Revision,
            KeepRevisions = KeepRevisions ?? 0,
            KeepDuration = KeepDuration ?? TimeSpan.Zero,
            CallTimeout = CallTimeout,
            PlanOnly = PlansOnly(work),
        };
        return work.Connection.Cluster.CompactAsync(request, observer, cancellationToken);
    }
}
