using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>
/// Compares the data of the voters by their hashes at the compacted revision. Since etcd 3.5.5, etcd keeps these hashes
/// from the compaction, so reading them requires no computation. Two hashes are comparable only if the revision and the
/// compacted revision are the same.
/// </summary>
internal sealed class HashComparison(ClusterState state, long? compacted, string clusterName)
{
    public async Task<HashVerdict> CompareAsync(CallBudget limit)
    {
        ResolvedMember[] voters = [.. state.Voters.Where(v => v.Status is not null).Select(v => v.Member)];
        if (voters.Length < 2)
            return HashVerdict.None;
        try
        {
            if (compacted is not > 0)
                return NotCompared(
                    compacted is null ? "the compacted revision is unknown" : "nothing has been compacted yet"
                );
            long revision = compacted.Value;
            HashReply[] hashes = await Task.WhenAll(voters.Select(v => v.Client!.HashAsync(revision, limit)))
                .ConfigureAwait(false);
            return Compare(voters, hashes, revision);
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.Compacted)
        {
            return NotCompared("etcd 3.4 keeps no hash at the compacted revision");
        }
        catch (EtcdException failed)
        {
            return NotCompared(failed.Message.TrimEnd('.'));
        }
    }

    private HashVerdict Compare(ResolvedMember[] voters, HashReply[] hashes, long revision)
    {
        if (hashes.Select(h => h.CompactRevision).Distinct().Count() > 1)
            return NotCompared("a compaction occurred during the comparison");
        EtcdMemberHash[] rows = [.. voters.Zip(hashes, (v, h) => Row(v, h, revision))];
        return hashes.Select(h => h.Hash).Distinct().Count() == 1
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
            "Do no maintenance. Find the member that differs from the majority and replace it."
        );

    private static HashVerdict NotCompared(string why) =>
        new(
            [
                Findings.About(
                    null,
                    ErrorIds.HashNotCompared,
                    Information,
                    $"The members' data was not compared: {why}."
                ),
            ],
            []
        );
}

/// <param name="Hashes">The hashes that were compared; empty if none were comparable.</param>
internal sealed record HashVerdict(IReadOnlyList<EtcdFinding> Findings, EtcdMemberHash[] Hashes)
{
    public static HashVerdict None { get; } = new([], []);
}
