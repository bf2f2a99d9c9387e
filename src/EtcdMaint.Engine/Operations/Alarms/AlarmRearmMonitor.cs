using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Alarms;

/// <summary>Observes for some seconds whether cleared alarms are armed again.</summary>
internal sealed class AlarmRearmMonitor(ClusterContext context)
{
    /// <summary>
    /// Returns the alarms that are armed again on any member, because a single alarm makes the cluster refuse writes.
    /// The list is empty if all alarms stayed cleared.
    /// </summary>
    /// <param name="membership">The members.</param>
    /// <param name="type">The type that was cleared.</param>
    /// <param name="left">The alarms that were left armed.</param>
    /// <param name="limit">The time limit of each call.</param>
    public async Task<IReadOnlyList<ArmedAlarm>> FindAsync(
        ClusterMembership membership,
        EtcdAlarmType type,
        IReadOnlyList<ArmedAlarm> left,
        CallBudget limit
    )
    {
        var poll = new PollLoop(context.Time, Limits.Alarms.PollInterval);
        while (true)
        {
            // The list goes through raft, so it shows the state of the cluster and not that of one member.
            IReadOnlyList<ArmedAlarm> armed = await ClusterContext
                .AskAnyVoterAsync(membership, c => c.ListAlarmsAsync(limit))
                .ConfigureAwait(false);
            ArmedAlarm[] back = [.. armed.Where(a => a.Type == type).Except(left)];
            if (back.Length > 0 || !await poll.NextAsync(Limits.Alarms.RearmTime, limit.Stop).ConfigureAwait(false))
                return back;
        }
    }
}
