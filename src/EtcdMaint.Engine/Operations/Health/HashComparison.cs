using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>
/// Compares the data of the voters by their hashes at the compacted revision. Since etcd 3.5.5, etcd keeps these hashes
/// in memory from the compaction, so reading them requires no computation. Two hashes are comparable only if the
/// revision and the compacted revision are the same.
/// </summary>
internal sealed class HashComparison(ClusterState state, long? compacted, string clusterName)
{
    public async Task<HashVerdict> CompareAsync(CallBudget limit)
    {
        MemberReading[] voters = [.. state.Voters.Where(v => v.Status is not null)];
        if (voters.Length < 2)
            return HashVerdict.None;
        if (compacted is not > 0)
            return HashVerdict.NotCompared(
                compacted is null ? "the compacted revision is unknown" : "nothing has been compacted yet"
            );
        try
        {
            return await CompareAsync(voters, compacted.Value, limit).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            return HashVerdict.NotCompared(failed.Message.TrimEnd('.'));
        }
    }

    private async Task<HashVerdict> CompareAsync(MemberReading[] voters, long revision, CallBudget limit)
    {
        HashReading[] hashes = await Task.WhenAll(voters.Select(v => ReadAsync(v, revision, limit)))
            .ConfigureAwait(false);
        if (
            hashes.All(h => h.Reply is not null)
            && hashes.Select(h => h.Reply!.CompactRevision).Distinct().Count() == 1
        )
            return Compare(hashes, revision);

        // These releases refuse without a compaction, so nothing more needs to be read.
        HashReading[] refused = [.. hashes.Where(h => h.Reply is null && HashObstacles.RefusesAlways(h.Voter))];
        if (refused.Length > 0)
            return HashObstacles.KeptNowhere(refused);
        return await HasCompactedSinceAsync(voters, revision, limit).ConfigureAwait(false)
            ? HashVerdict.NotCompared("a compaction occurred during the comparison", "Run the health check again.")
            : HashObstacles.NotComparable(hashes, revision);
    }

    private static async Task<HashReading> ReadAsync(MemberReading voter, long revision, CallBudget limit)
    {
        try
        {
            return new HashReading(voter, await voter.Member.Client!.HashAsync(revision, limit).ConfigureAwait(false));
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.Compacted)
        {
            return new HashReading(voter, null);
        }
    }

    /// <summary>Every voter is asked, because a compaction does not reach all of them at the same time.</summary>
    private static async Task<bool> HasCompactedSinceAsync(MemberReading[] voters, long revision, CallBudget limit)
    {
        bool[] answers = await Task.WhenAll(voters.Select(v => v.Member.Client!.IsCompactedAsync(revision + 1, limit)))
            .ConfigureAwait(false);
        return answers.Contains(true);
    }

    private HashVerdict Compare(HashReading[] hashes, long revision)
    {
        EtcdMemberHash[] rows = [.. hashes.Select(h => Row(h.Voter.Member, h.Reply!, revision))];
        return hashes.Select(h => h.Reply!.Hash).Distinct().Count() == 1
            ? new HashVerdict([], rows)
            : new HashVerdict([Mismatch(rows, revision)], rows);
    }

    private EtcdMemberHash Row(ResolvedMember voter, HashReply reply, long revision) =>
        new()
        {
            ClusterName = clusterName,
            ClusterId = HexId.Format(state.ClusterMembership.ClusterId),
            MemberId = HexId.Format(voter.Id),
            MemberName = voter.Entry.Name,
            Revision = revision,
            CompactRevision = reply.CompactRevision,
            Hash = $"{reply.Hash:x8}",
        };

    private static EtcdFinding Mismatch(EtcdMemberHash[] rows, long revision) =>
        Findings.About(
            null,
            ErrorIds.HashMismatch,
            Error,
            $"The members' data differs at revision {revision}: {string.Join(", ", rows.AsEnumerable())}.",
            "Do not run maintenance. Find the member that differs from the majority and replace it."
        );
}

/// <param name="Reply">Null if the member refused, because the revision is compacted.</param>
internal sealed record HashReading(MemberReading Voter, HashReply? Reply);

/// <param name="Hashes">The hashes that were compared; empty if none were comparable.</param>
internal sealed record HashVerdict(IReadOnlyList<EtcdFinding> Findings, EtcdMemberHash[] Hashes)
{
    public static HashVerdict None { get; } = new([], []);

    public static HashVerdict NotCompared(string why, string? action = null) =>
        new(
            [
                Health.Findings.About(
                    null,
                    ErrorIds.HashNotCompared,
                    Information,
                    $"The members' data was not compared: {why}.",
                    action
                ),
            ],
            []
        );
}
