using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>
/// Waits until one member has physically removed its history up to a revision. A physical compaction of a revision that
/// is already compacted waits for the running compaction of that member and is then refused. This answer is the
/// barrier. Source: etcd-io/etcd, server/etcdserver/v3_server.go and mvcc/kvstore_compaction.go; observed on 3.4 to
/// 3.6.
/// </summary>
internal sealed class CompactionBarrier(TimeProvider time, IRunObserver observer)
{
    public async Task<BarrierResult> PassAsync(ResolvedMember member, long revision, CallBudget limit)
    {
        long started = time.GetTimestamp();
        bool wasAtWork = false;
        if (member.Client is not { } client)
            return new BarrierResult(false, time.GetElapsedTime(started), member.Failure);
        while (true)
        {
            try
            {
                await client.CompactAsync(revision, limit).ConfigureAwait(false);
                return new BarrierResult(true, time.GetElapsedTime(started), null);
            }
            catch (MemberCallException refused) when (refused.Failure is CallFailure.Compacted)
            {
                return new BarrierResult(wasAtWork, time.GetElapsedTime(started), null);
            }
            catch (MemberCallException late)
                when (late.Failure is CallFailure.TimedOut && time.GetElapsedTime(started) < Limits.Compaction.Wait)
            {
                // The compaction continues without its caller, and repeating the request is safe. A member that does
                // not answer a status request has another problem.
                if (await FindTroubleAsync(client, limit).ConfigureAwait(false) is { } trouble)
                    return new BarrierResult(false, time.GetElapsedTime(started), trouble);
                wasAtWork = true;
                observer.LogVerbose(
                    $"{member} is still compacting after {time.GetElapsedTime(started).TotalSeconds:N0} s."
                );
            }
            catch (EtcdException failed)
            {
                return new BarrierResult(false, time.GetElapsedTime(started), failed);
            }
        }
    }

    private static async Task<EtcdException?> FindTroubleAsync(IMemberClient client, CallBudget limit)
    {
        try
        {
            await client.GetStatusAsync(limit).ConfigureAwait(false);
            return null;
        }
        catch (EtcdException failed)
        {
            return failed;
        }
    }
}

/// <param name="DidCompact">Whether history was compacted during the wait: by this call, or by a compaction that took
/// longer than its caller waited.</param>
internal sealed record BarrierResult(bool DidCompact, TimeSpan Duration, EtcdException? Failure);
