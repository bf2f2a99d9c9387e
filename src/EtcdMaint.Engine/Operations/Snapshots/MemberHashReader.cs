using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>
/// Compares the hash of one member with that of a snapshot file, both at the newest revision of the file.
/// </summary>
internal sealed class MemberHashReader(ScannedSnapshot snapshot, CallBudget limit)
{
    private long Revision => snapshot.Scan.Revision;

    public async Task<MemberVerdict> CompareAsync(MemberReading voter)
    {
        if (voter.Status is null)
            return MemberVerdict.NotCompared(voter, voter.Failure!.Message);
        try
        {
            return await ReadAsync(voter).ConfigureAwait(false) is not { } reply
                    ? MemberVerdict.NotCompared(voter, WhyIncomparable, isExpected: true)
                : await snapshot.HashAsync(reply.CompactRevision, limit.Stop).ConfigureAwait(false) is not { } own
                    ? MemberVerdict.NotCompared(voter, WhyIncomparable, isExpected: true)
                : new MemberVerdict(voter, reply, own == reply.Hash);
        }
        catch (EtcdException failed)
        {
            return MemberVerdict.NotCompared(voter, failed.Message);
        }
    }

    private string WhyIncomparable =>
        $"the cluster has removed its history up to or after revision {Revision}, so its hash at that revision no "
        + "longer exists";

    /// <returns>Null if the member has no hash that is comparable with the file.</returns>
    private async Task<HashReply?> ReadAsync(MemberReading voter)
    {
        HashReply? reply = await HashAtRevisionAsync(voter.Member.Client!).ConfigureAwait(false);
        if (reply?.CompactRevision >= snapshot.Scan.CompactRevision || voter.Status!.Header.Revision != Revision)
            return reply;

        // At the compacted revision itself, a member refuses, or answers with a hash that starts at an earlier
        // compaction. For its newest revision, without a number, it computes a comparable one.
        HashReply newest = await HashAsync(voter.Member.Client!, 0).ConfigureAwait(false);
        return newest.Header.Revision == Revision ? newest : null;
    }

    private async Task<HashReply?> HashAtRevisionAsync(IMemberClient client)
    {
        try
        {
            return await HashAsync(client, Revision).ConfigureAwait(false);
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.Compacted)
        {
            return null;
        }
        catch (MemberCallException behind) when (behind.Failure is CallFailure.FutureRevision)
        {
            // A linearizable read returns when the member has applied what the cluster has committed.
            await client.ReadAsync(limit.AtMost(Limits.Snapshots.CatchUpTime)).ConfigureAwait(false);
            return await HashAsync(client, Revision).ConfigureAwait(false);
        }
    }

    private Task<HashReply> HashAsync(IMemberClient client, long revision) =>
        client.HashAsync(
            revision,
            limit with
            {
                Timeout =
                    limit.Timeout
                    + TimeSpan.FromSeconds(snapshot.Scan.SizeBytes / (double)Limits.Snapshots.HashBytesPerSecond),
            }
        );
}

/// <param name="Voter">The member.</param>
/// <param name="Reply">The hash of the member; null if it was not compared.</param>
/// <param name="IsEqual">Whether the file has the same hash.</param>
internal sealed record MemberVerdict(MemberReading Voter, HashReply? Reply, bool IsEqual)
{
    /// <summary>Why the member was not compared; null if it was.</summary>
    public string? Obstacle { get; private init; }

    /// <summary>Whether this is normal for an old snapshot.</summary>
    public bool IsExpected { get; private init; }

    public static MemberVerdict NotCompared(MemberReading voter, string why, bool isExpected = false) =>
        new(voter, null, IsEqual: false) { Obstacle = why.TrimEnd('.'), IsExpected = isExpected };
}
