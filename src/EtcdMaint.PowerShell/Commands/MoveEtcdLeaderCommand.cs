using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Transfers leadership to the best voter, or to the specified voter.</summary>
[Cmdlet(
    VerbsCommon.Move,
    "EtcdLeader",
    DefaultParameterSetName = ByChoice,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium
)]
[OutputType(typeof(EtcdMemberStatus))]
public sealed class MoveEtcdLeaderCommand : MemberCommand
{
    private protected override bool Changes => true;

    private protected override bool ListsMembers => false;

    private protected override int ClustersAtOnce => 1;

    private protected override async Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (work.Targets.Count > 1)
            throw InputErrors.SeveralLeaders(work.Connection);
        MemberTarget? to = work.Targets.FirstOrDefault();
        if (to?.Upstream is UpstreamState.Failed)
        {
            observer.LogVerbose(
                $"Leadership is not moved to {to.Member}, because an earlier step did not succeed there: "
                    + $"{to.Reason ?? "it failed"}."
            );
            return;
        }

        if (
            await work.Connection.Cluster.MoveLeaderAsync(
                to?.Member.AsPlanned(PlansOnly(work)),
                CallTimeout,
                observer,
                cancellationToken
            ) is
            { } leader
        )
            observer.Emit(leader);
    }
}
