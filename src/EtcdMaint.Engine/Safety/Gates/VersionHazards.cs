using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Safety.KnownBugs;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>The known bugs that a defragmentation or a read of this module can trigger, by version.</summary>
internal static class VersionHazards
{
    private static readonly KnownBug DiskFull = KnownBugCatalog.Get("DiskFullCrash");
    private static readonly KnownBug EndedRead = KnownBugCatalog.Get("EndedReadCrash");

    /// <summary>The first release that may answer while it defragments.</summary>
    private static readonly Version NonBlockingDefrag = new(3, 8);

    /// <summary>
    /// Returns a bug because of which the member should not be defragmented at all, or null if there is none.
    /// </summary>
    public static string? FindBlocking(string version) =>
        EtcdVersion.Parse(version) is { } v
        && KnownBugCatalog.Of(v).FirstOrDefault(b => b.BlocksDefragmentation) is { } bug
            ? Describe(bug, version)
            : null;

    /// <summary>Returns the additional effect of a full disk on this version, or null if there is none.</summary>
    public static string? FindDiskFull(string version) => DiesOnFullDisk(version) ? Describe(DiskFull, version) : null;

    public static bool DiesOnFullDisk(string version) => Has(DiskFull, version);

    /// <summary>
    /// Whether a member may answer while it defragments, if its metrics do not tell. [inferred] NonBlockingDefrag is
    /// planned for 3.8 and on by default (etcd-io/etcd#22425).
    /// </summary>
    public static bool MayAnswerMeanwhile(string version) => EtcdVersion.Parse(version) >= NonBlockingDefrag;

    /// <summary>
    /// Whether a member can crash if a transaction that only reads is ended or fails. These releases also refuse such a
    /// transaction if the file is over the quota (etcd-io/etcd#13435).
    /// </summary>
    public static bool DiesOnEndedRead(string version) => Has(EndedRead, version);

    private static bool Has(KnownBug bug, string version) => EtcdVersion.Parse(version) is { } v && bug.Affects(v);

    private static string Describe(KnownBug bug, string version) =>
        $"etcd {version} {bug.Effect} ({bug.ShortSource}, fixed in {bug.FixedIn})";
}
