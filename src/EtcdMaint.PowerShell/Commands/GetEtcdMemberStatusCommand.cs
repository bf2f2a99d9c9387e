using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Requests the status of all members in parallel and shows it.</summary>
[Cmdlet(VerbsCommon.Get, "EtcdMemberStatus", DefaultParameterSetName = ByChoice)]
[OutputType(typeof(EtcdMemberStatus))]
public sealed class GetEtcdMemberStatusCommand : MemberCommand
{
    private protected override bool ListsMembers => false;

    private protected override Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    ) =>
        work.Connection.Cluster.GetStatusAsync(
            work.IsWhole ? null : work.Members,
            CallTimeout,
            observer,
            cancellationToken
        );
}
