using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>
/// The defragmentations that the members have logged since a given time: what a contender really did.
/// </summary>
internal sealed class DefragLog
{
    private readonly int _before;

    private DefragLog(int before) => _before = before;

    public static DefragLog Mark(TestEtcdCluster cluster) => new(EtcdLogs.Defragmentations(cluster).Count);

    public IReadOnlyList<Defragmentation> Since(TestEtcdCluster cluster) =>
        [.. EtcdLogs.Defragmentations(cluster).Skip(_before)];

    /// <summary>
    /// The work in words: equal for all contenders that defragmented the same members as often, one at a time.
    /// </summary>
    public static string Describe(TestEtcdCluster cluster, IReadOnlyList<Defragmentation> runs)
    {
        string members = string.Join(
            ", ",
            cluster.Members.Select(m => $"{m.Name} {runs.Count(r => r.Member == m.Name)}x")
        );
        string failed = runs.Any(r => r.End is not DefragmentationEnd.Finished) ? ", some not finished" : "";
        return members + failed + (EtcdLogs.Overlaps(runs).Count > 0 ? ", two at a time" : "");
    }
}
