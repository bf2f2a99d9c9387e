using EtcdMaint.Engine.Operations.Health;
using EtcdMaint.Snapshot;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>An open snapshot file whose content was checked.</summary>
internal sealed class ScannedSnapshot : IDisposable
{
    private const string Distrust =
        "Do not rely on this file. Save another snapshot with Save-EtcdSnapshot -Prove, or copy the file again.";

    private readonly SnapshotFile _file;
    private readonly IRunObserver _observer;
    private readonly Dictionary<long, uint?> _hashes = [];

    private ScannedSnapshot(SnapshotFile file, SnapshotScan scan, IRunObserver observer)
    {
        (_file, Scan, _observer) = (file, scan, observer);
        _hashes[scan.CompactRevision] = scan.Hash;
    }

    public SnapshotScan Scan { get; }

    private string Activity => $"Reading {Path.GetFileName(_file.Path)}";

    /// <exception cref="EtcdException">The file cannot be opened.</exception>
    public static async Task<ScannedSnapshot> ReadAsync(
        string path,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        SnapshotFile file = SnapshotFileErrors.Open(path);
        try
        {
            var activity = new FileProgress(observer, $"Reading {Path.GetFileName(path)}", ByteText.Of(file.SizeBytes));
            SnapshotScan scan = await Task.Run(
                    () => file.Scan(new SnapshotScanOptions { Progress = activity }, cancellationToken),
                    cancellationToken
                )
                .ConfigureAwait(false);
            activity.End();
            return new ScannedSnapshot(file, scan, observer);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Returns the hash that a member with this data and this compacted revision answers for the newest revision of the
    /// file, or null if the file does not contain what the hash needs.
    /// </summary>
    public async Task<uint?> HashAsync(long compactRevision, CancellationToken cancellationToken)
    {
        if (_hashes.TryGetValue(compactRevision, out uint? known))
            return known;
        if (compactRevision < Scan.CompactRevision || compactRevision > Scan.Revision)
            return null;
        var activity = new FileProgress(_observer, Activity, "Computing the hash after a later compaction");
        uint? hash = await Task.Run(
                () => _file.ComputeHash(Scan.Revision, compactRevision, activity, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        activity.End();
        return _hashes[compactRevision] = hash;
    }

    public EtcdSnapshotReport ToReport(DateTimeOffset checkedAt)
    {
        // A database without a readable key bucket has no figures.
        bool isRead = Scan.Revision > 0;
        return new EtcdSnapshotReport
        {
            Path = _file.Path,
            SizeBytes = Scan.SizeBytes,
            Sha256 = Scan.Sha256,
            HasChecksum = Scan.HasChecksum,
            IsValid = Scan.IsValid,
            Finding = [.. Scan.Findings.Select(ToFinding)],
            DamageCount = Scan.FindingCount,
            Revision = isRead ? Scan.Revision : null,
            CompactRevision = isRead ? Scan.CompactRevision : null,
            KeyCount = isRead ? Scan.KeyCount : null,
            RevisionCount = isRead ? Scan.RevisionCount : null,
            Hash = Scan.Hash is { } hash ? $"{hash:x8}" : null,
            ClusterVersion = Scan.Content.ClusterVersion,
            StorageVersion = Scan.Content.StorageVersion,
            MemberId = [.. Scan.Content.Members.Select(m => m.Id)],
            CheckedAt = checkedAt,
        };
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The ID of the finding for a kind of damage. docs/errors.md explains each of them.</summary>
    internal static string FindingId(SnapshotFindingKind kind) => $"Snapshot{kind}";

    private static EtcdFinding ToFinding(SnapshotFinding damage) =>
        Findings.About(null, FindingId(damage.Kind), EtcdFindingSeverity.Error, damage.Message, Distrust);
}
