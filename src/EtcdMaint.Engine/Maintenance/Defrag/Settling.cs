using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Maintenance.Gates;

namespace EtcdMaint.Engine.Maintenance.Defrag;

/// <summary>
/// Waits after a defragmentation until the member answers as itself and every voter has applied nearly all there is,
/// for several samples in a row: a member that has just stood still may be many entries behind.
/// </summary>
internal sealed class Settling(ClusterContext context)
{
    private const int CalmSamples = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes of minutes may have to be applied on a slow disk.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(15);

    /// <summary>The member's last reading, and why it did not settle; null when it did.</summary>
    public async Task<(MemberReading? Last, string? Trouble)> WaitAsync(RosterMember member, IReadOnlyList<RosterMember> voters, CancellationToken stop)
    {
        long started = context.Time.GetTimestamp();
        int calm = 0;
        while (true)
        {
            MemberReading[] readings = await context.ReadAsync(voters, new CallLimit(AskLimit, CancellationToken.None)).ConfigureAwait(false);
            MemberReading? last = Array.Find(readings, r => r.Id == member.Id);
            string? trouble = FindTrouble(readings);
            calm = trouble is null ? calm + 1 : 0;
            if (calm >= CalmSamples)
                return (last, null);
            if (trouble is not null && (context.Time.GetElapsedTime(started) >= Patience || stop.IsCancellationRequested))
                return (last, trouble);
            await Task.Delay(Pause, context.Time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string? FindTrouble(MemberReading[] readings)
    {
        foreach (MemberReading reading in readings)
        {
            if (reading.Status is not { } status)
                return reading.Failure!.Message.TrimEnd('.');
            if (status.Leader == 0)
                return $"{reading.Member} sees no leader";
            if (status.ApplyLag > ClusterGate.SmallLag)
                return $"{reading.Member} has {status.ApplyLag:N0} entries left to apply";
        }
        return null;
    }
}
