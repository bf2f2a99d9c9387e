using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Maintenance.Gates;

namespace EtcdMaint.Engine.Maintenance.Defrag;

/// <summary>
/// Defragments members, one at a time: sends the call once, finds out how it ended, waits until the cluster is calm
/// again, and compares what the member says then with what it said before.
/// </summary>
internal sealed class MemberDefrag(ClusterContext context, DefragRequest request, IRunObserver observer)
{
    /// <summary>A file may grow by a few pages even when nothing was to gain.</summary>
    private const long GrowthTolerance = 1024 * 1024;

    private static readonly TimeSpan MetricsLimit = TimeSpan.FromSeconds(5);

    private bool _hasProbed;

    public async Task<DefragOutcome> RunAsync(ClusterState state, MemberReading target, CancellationToken stop)
    {
        RosterMember member = target.Member;
        StatusReply before = target.Status!;
        RosterMember[] answering = [.. state.Voters.Where(v => v.Status is not null).Select(v => v.Member)];
        var probe = new ImpactProbe(context, observer, answering.Where(m => m.Id != member.Id));
        Task ready = _hasProbed ? Task.CompletedTask : probe.GetReadyAsync(stop);
        _hasProbed = true;
        MemberMetrics? metrics = await member.ReadMetricsAsync(new CallLimit(MetricsLimit, stop)).ConfigureAwait(false);
        await ready.ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();

        // Somebody was quicker than the gate could see: a second call would wait behind the first and run after it.
        if (metrics?.IsDefragmenting is true)
            return DefragOutcome.Failed(ClusterGate.InFlight([member]).ToException());

        DateTimeOffset startedAt = context.Time.GetUtcNow();
        using var stopped = new StopWait(stop, request.StopWait, context.Time);
        using var notice = new StopNotice($"{member} of {request.Targets[0].Member.ClusterName}", request.StopWait, context.Time, observer, stop);
        long started = context.Time.GetTimestamp();
        TimeSpan took = TimeSpan.Zero;
        (DefragOutcome sent, Impact? impact) = await probe
            .WhileAsync(async () =>
            {
                DefragOutcome outcome = await SendAsync(member, metrics, before, stopped).ConfigureAwait(false);
                took = context.Time.GetElapsedTime(started);
                return outcome;
            })
            .ConfigureAwait(false);
        DefragOutcome done = sent with { StartedAt = startedAt, Duration = took, Impact = impact };
        return sent.Status is EtcdDefragStatus.Defragmented
            ? await VerifyAsync(member, metrics, before, answering, done, stopped.Token).ConfigureAwait(false)
            : done;
    }

    private async Task<DefragOutcome> SendAsync(RosterMember member, MemberMetrics? metrics, StatusReply before, StopWait stopped)
    {
        TimeSpan limit = request.DefragTimeout ?? PauseEstimate.Limit(before.DbSizeInUse);
        try
        {
            Task call = member.Client!.DefragmentAsync(member.Id, new CallLimit(limit, CancellationToken.None));
            if (await stopped.EndsFirstAsync(call).ConfigureAwait(false))
                return DefragEndings.Abandoned(member);
            await call.ConfigureAwait(false);
            return new DefragOutcome(EtcdDefragStatus.Defragmented);
        }
        catch (EtcdException failed) when (failed is MemberCallException { IsOutcomeUnknown: true } || DefragEndings.IsClosed(failed))
        {
            observer.Tell($"{member}: {failed.Message} Whether it still works is not known; nothing else is touched until it is.");
            return await FindOutAsync(member, metrics, before, limit, failed, stopped).ConfigureAwait(false);
        }
        catch (MemberCallException failed) when (failed.Failure is CallFailure.DiskFull)
        {
            return DefragEndings.DiskFull(member, before.Version, failed);
        }
        catch (EtcdException failed)
        {
            return DefragOutcome.Failed(failed);
        }
    }

    private async Task<DefragOutcome> FindOutAsync(
        RosterMember member, MemberMetrics? metrics, StatusReply before, TimeSpan limit, EtcdException failed, StopWait stopped)
    {
        (DefragFate fate, string seen) = await new DefragWatch(context, observer)
            .FindOutAsync(member, metrics, before, limit, stopped.Token)
            .ConfigureAwait(false);
        string why = failed is MemberCallException { Failure: CallFailure.TimedOut } ? "later than the limit" : "the connection broke meanwhile";
        return fate switch
        {
            DefragFate.Done => new DefragOutcome(EtcdDefragStatus.Defragmented, why),
            DefragFate.Failed => DefragEndings.GivenUp(member, before.Version, failed),
            DefragFate.Restarted => DefragOutcome.Failed(DefragEndings.Died(member, "during its defragmentation", failed)),
            _ => DefragEndings.TimedOut(member, failed, seen),
        };
    }

    /// <summary>Waits until the cluster is calm, then holds the member against what it was before.</summary>
    private async Task<DefragOutcome> VerifyAsync(
        RosterMember member, MemberMetrics? metrics, StatusReply before, RosterMember[] answering, DefragOutcome done, CancellationToken stop)
    {
        (MemberReading? last, string? trouble) = await new Settling(context).WaitAsync(member, answering, stop).ConfigureAwait(false);
        if (last?.Status is not { } after)
            return done with
            {
                Reason = $"done, but not verified: {trouble}",
                Error = DefragEndings.NotSettled(member, trouble),
                EndOfRun = $"{member} did not come back",
            };
        done = done with { BytesAfter = after.DbSize, TermChanges = (long)(after.RaftTerm - before.RaftTerm) };
        if (HasNoSpace(after) && !HasNoSpace(before))
            observer.Warn($"NoSpaceArmed: NOSPACE was armed while {member} was at work, so the cluster refuses writes. The run goes on; clear the alarm with Clear-EtcdAlarm once there is space.");
        if (trouble is not null)
            return done with { Error = DefragEndings.NotSettled(member, trouble), EndOfRun = $"the cluster did not settle: {trouble}" };

        if (await HasRestartedAsync(member, metrics).ConfigureAwait(false))
            return done with { Reason = "restarted right after it", Error = DefragEndings.Died(member, "right after its defragmentation") };

        // Writes that waited meanwhile are in the new file too; only what they do not explain is growth.
        long written = Math.Max(0, after.DbSizeInUse - before.DbSizeInUse);
        return after.DbSize > before.DbSize + written + GrowthTolerance
            ? done with { Status = EtcdDefragStatus.Failed, Reason = "the file grew", Error = DefragEndings.Grew(member, before, after) }
            : done;
    }

    private static bool HasNoSpace(StatusReply status) => AlarmStrings.Read(status.Errors).Any(a => a.Type is EtcdAlarmType.NoSpace);

    /// <summary>False also where it cannot be told.</summary>
    private static async Task<bool> HasRestartedAsync(RosterMember member, MemberMetrics? before)
    {
        if (before?.ProcessStart is not { } start)
            return false;
        MemberMetrics? now = await member.ReadMetricsAsync(new CallLimit(MetricsLimit, CancellationToken.None)).ConfigureAwait(false);
        return now?.ProcessStart is { } restart && restart != start;
    }
}
