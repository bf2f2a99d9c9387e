using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Shows the armed alarms.</summary>
[Cmdlet(VerbsCommon.Get, "EtcdAlarm", DefaultParameterSetName = ByChoice)]
[OutputType(typeof(EtcdAlarm))]
public sealed class GetEtcdAlarmCommand : MemberCommand
{
    private protected override bool ListsMembers => false;

    private protected override async Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        HashSet<string> chosen = [.. work.Members.Select(member => member.MemberId)];
        foreach (
            EtcdAlarm alarm in await work.Connection.Cluster.GetAlarmsAsync(CallTimeout, observer, cancellationToken)
        )
        {
            if (work.IsWhole || chosen.Contains(alarm.MemberId))
                observer.Emit(alarm.AsPlanned(work.IsPlanned));
        }
    }
}
