using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Lists members, each with the endpoint that answers with its ID.</summary>
[Cmdlet(VerbsCommon.Get, "EtcdMember", DefaultParameterSetName = ByChoice)]
[OutputType(typeof(EtcdMember))]
public sealed class GetEtcdMemberCommand : MemberCommand
{
    private protected override async Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<EtcdMember> members = work.Members;
        if (!work.IsFresh)
            members = await ReadAgainAsync(work, observer, cancellationToken);
        foreach (EtcdMember member in members)
            observer.Emit(member.AsPlanned(work.IsPlanned));
    }

    private async Task<IReadOnlyList<EtcdMember>> ReadAgainAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<EtcdMember> now = await work.Connection.Cluster.GetMembersAsync(
            CallTimeout,
            observer,
            cancellationToken
        );
        foreach (EtcdMember gone in work.Members.ExceptBy(now.Select(member => member.Id), member => member.Id))
            observer.ReportError(InputErrors.MemberDeparted(gone));
        return [.. now.IntersectBy(work.Members.Select(member => member.Id), member => member.Id)];
    }
}
