using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Alarms;

/// <summary>Watches for some seconds whether alarms that were disarmed come back.</summary>
internal sealed class AlarmRearmMonitor(ClusterContext context)
{
    /// <summary>
    /// Those that are armed again, on whichever member: one alarm is enough for writes to be refused. Empty when all
    /// stayed disarmed.
    /// </summary>
    /// <param name="membership">The members.</param>
    /// <param name="type">What was disarmed.</param>
    /// <param name="left">Those that were left armed.</param>
    /// <param name="limit">The limit of each call.</param>
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
            // The list goes through raft, so what it shows is the cluster's word and not one member's.
            IReadOnlyList<ArmedAlarm> armed = await ClusterContext
                .AskAnyVoterAsync(membership, c => c.ListAlarmsAsync(limit))
                .ConfigureAwait(false);
            ArmedAlarm[] back = [.. armed.Where(a => a.Type == type).Except(left)];
            if (back.Length > 0 || !await poll.NextAsync(Limits.Alarms.RearmTime, limit.Stop).ConfigureAwait(false))
                return back;
        }
    }
}
