namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>Known bugs of etcd that a defragmentation or a read can trigger, by version.</summary>
internal static class VersionHazards
{
    /// <summary>
    /// Returns a bug because of which the member should not be defragmented at all, or null if there is none.
    /// </summary>
    public static string? FindBlocking(string version) =>
        Read(version) is { } v && Between(v, new(3, 5, 0), new(3, 5, 6))
            ? $"etcd {version} can leave members with different data when it is killed during a "
                + "defragmentation (etcd-io/etcd#14685, fixed in 3.5.6)"
            : null;

    /// <summary>Returns the additional effect of a full disk on this version, or null if there is none.</summary>
    public static string? FindDiskFull(string version) =>
        Read(version) is { } v && DiesOnFullDisk(v)
            ? $"etcd {version} crashes at the next write when its disk fills up during a defragmentation "
                + "(etcd-io/etcd#18810, fixed in 3.4.35 and 3.5.17)"
            : null;

    public static bool DiesOnFullDisk(string version) => Read(version) is { } v && DiesOnFullDisk(v);

    /// <summary>
    /// Whether a member may answer while it defragments, if its metrics do not tell. [inferred] NonBlockingDefrag is
    /// planned for 3.8 and on by default (etcd-io/etcd#22425).
    /// </summary>
    public static bool MayAnswerMeanwhile(string version) => Read(version) is { } v && v >= new Version(3, 8);

    /// <summary>
    /// Whether a member can crash if a transaction that only reads is ended or fails (etcd-io/etcd#14110 and
    /// etcd-io/etcd#14891). These releases also refuse such a transaction if the file is over the quota
    /// (etcd-io/etcd#13435). The last of these bugs was fixed in 3.4.23 and 3.5.7.
    /// </summary>
    public static bool DiesOnEndedRead(string version) =>
        Read(version) is { } v && (v < new Version(3, 4, 23) || Between(v, new(3, 5, 0), new(3, 5, 7)));

    private static bool DiesOnFullDisk(Version v) =>
        v < new Version(3, 4, 35) || Between(v, new(3, 5, 0), new(3, 5, 17));

    private static bool Between(Version version, Version first, Version fixedIn) =>
        version >= first && version < fixedIn;

    private static Version? Read(string text) =>
        Version.TryParse(text.Split('-', '+')[0], out Version? version) ? version : null;
}
