namespace EtcdMaint;

/// <summary>
/// What a snapshot file contains, whether it is intact, and whether it is a backup of a cluster. Unknown values are
/// null.
/// </summary>
public sealed record EtcdSnapshotReport
{
    /// <summary>The name of the cluster with which the file was compared; null if there was none.</summary>
    public string? ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The ID of that cluster, in lower-case hexadecimal; null if there was none or none answered.</summary>
    public string? ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The full path of the file.</summary>
    /// <remarks>Not converted to plain text: it must name the file exactly, and the caller chose it.</remarks>
    public string Path { get; internal init; } = "";

    /// <summary>The size of the file, in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>
    /// The SHA-256 checksum of the database, without the checksum at the end of the file; in lower-case hexadecimal.
    /// </summary>
    public string? Sha256
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>
    /// Whether the file ends with a checksum, as a snapshot from a server does. The copy of a database file has none.
    /// </summary>
    public bool HasChecksum { get; internal init; }

    /// <summary>Whether the file is intact: no damage was found.</summary>
    public bool IsValid { get; internal init; }

    /// <summary>
    /// Whether the file is a backup of the cluster: its data at <see cref="Revision"/> is that of every member in <see
    /// cref="MemberHash"/>. It is null if nothing was compared; a finding then gives the reason.
    /// </summary>
    public bool? MatchesCluster { get; internal init; }

    /// <summary>Whether the file is intact and its data is that of the cluster.</summary>
    public bool IsProven => IsValid && MatchesCluster is true;

    /// <summary>
    /// The findings: at most 100 damages, in the order of the file, and then those of the comparison.
    /// </summary>
    public EtcdList<EtcdFinding> Finding { get; internal init; } = [];

    /// <summary>The number of damages, including those that <see cref="Finding"/> omits.</summary>
    public long DamageCount { get; internal init; }

    /// <summary>The newest revision in the file.</summary>
    public long? Revision { get; internal init; }

    /// <summary>The revision up to which history is compacted; -1 if there was no compaction.</summary>
    public long? CompactRevision { get; internal init; }

    /// <summary>
    /// The age of the file: the number of revisions that the cluster has written since <see cref="Revision"/>.
    /// </summary>
    public long? AgeRevisions { get; internal init; }

    /// <summary>The number of keys that exist at <see cref="Revision"/>.</summary>
    public long? KeyCount { get; internal init; }

    /// <summary>The number of stored revisions, including deletions.</summary>
    public long? RevisionCount { get; internal init; }

    /// <summary>
    /// The hash of the data, as <c>etcdctl endpoint hashkv</c> shows it for <see cref="Revision"/> and <see
    /// cref="CompactRevision"/>; as eight hexadecimal digits.
    /// </summary>
    public string? Hash
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>
    /// The hashes of the members with which the file was compared; empty if there were none. The leader is compared
    /// only if fewer than two followers confirm the file.
    /// </summary>
    public EtcdList<EtcdMemberHash> MemberHash { get; internal init; } = [];

    /// <summary>The version of the cluster, for example <c>3.5.0</c>.</summary>
    public string? ClusterVersion
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The version of the storage schema, which etcd stores from 3.6 on.</summary>
    public string? StorageVersion
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The IDs of the members in the file, in lower-case hexadecimal.</summary>
    public EtcdList<string> MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>The time at which the file was read.</summary>
    public DateTimeOffset CheckedAt { get; internal init; }

    /// <summary>The path, and whether the file is intact, or its first finding.</summary>
    public override string ToString() =>
        $"{Path}: {(IsProven ? "proven" : IsValid && MatchesCluster is null ? "valid" : Finding.FirstOrDefault())}";
}
