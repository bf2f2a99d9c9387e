using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.KnownBugs;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>
/// Why hashes at the same revision are not comparable although no compaction came between. A member that has the hash
/// from the compaction returns it together with the compacted revision before. A member without it computes a hash that
/// starts at the compaction itself; etcd 3.5.5 to 3.5.9 refuses instead.
/// </summary>
internal static class HashObstacles
{
    private static readonly KnownBug Refusal = KnownBugCatalog.Get("HashRefusedAfterCompaction");

    private const string NextCompaction = "No action is needed. The next compaction makes the hashes comparable.";

    public static HashVerdict NotComparable(HashReading[] hashes, long revision)
    {
        HashReading[] computed = [.. hashes.Where(h => h.Reply is null || h.Reply.CompactRevision == revision)];
        HashReading[] old = [.. computed.Where(h => KeepsNoHash(h.Voter))];
        if (old.Length > 0)
            return KeptNowhere(old);
        string[] without = [.. computed.Select(Name)];
        string[] with = [.. hashes.Except(computed).Select(Name)];
        return without.Length == 0
            ? HashVerdict.NotCompared(
                $"the hashes of {Join(with)} start at different compacted revisions",
                NextCompaction
            )
            : HashVerdict.NotCompared(Restarted(without, with, revision), NextCompaction);
    }

    public static HashVerdict KeptNowhere(HashReading[] old) =>
        HashVerdict.NotCompared($"the etcd release of {Join([.. old.Select(Name)])} keeps no hash from a compaction");

    /// <summary>Whether the release keeps no hashes, and refuses to compute one at the compacted revision.</summary>
    public static bool RefusesAlways(MemberReading voter) =>
        VersionOf(voter) is { } v && KeepsNoHash(v) && Refusal.Affects(v);

    private static string Restarted(string[] without, string[] with, long revision)
    {
        bool isOne = without.Length == 1;
        string others = with.Length switch
        {
            0 => "",
            1 => $" that is comparable with that of {with[0]}",
            _ => $" that is comparable with those of {Join(with)}",
        };
        return $"{Join(without)} {(isOne ? "has" : "have")} no hash{others}, because "
            + $"{(isOne ? "it was" : "they were")} started after the compaction to revision {revision} or "
            + $"{(isOne ? "is" : "are")} still compacting";
    }

    private static bool KeepsNoHash(MemberReading voter) => VersionOf(voter) is { } v && KeepsNoHash(v);

    private static bool KeepsNoHash(Version version) => version < new Version(3, 5, 5);

    private static Version? VersionOf(MemberReading voter) => EtcdVersion.Parse(voter.Status!.Version);

    private static string Name(HashReading hash) => hash.Voter.Member.ToString();

    private static string Join(string[] names) =>
        names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
