using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Snapshot;
using SnapshotFile = EtcdMaint.Snapshot.SnapshotFile;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>Tells what fills the database of a snapshot file, and which keys have the most history.</summary>
internal sealed class SnapshotUsageRun(SnapshotUsageRequest request, IRunObserver observer)
{
    private readonly string _name = Path.GetFileName(request.Path);
    private readonly SnapshotUsageRows _rows = new(request.Path);

    private string Activity => $"Reading {_name}";

    public void Run(CancellationToken cancellationToken)
    {
        using SnapshotFile file = SnapshotFileErrors.Open(request.Path);
        string prefix = KeySpan.Key(request.Prefix);
        var groups = new HistoryGroups(new KeyLayout(KubernetesResources.Roots, prefix, request.Depth));
        bool isRead = false;
        try
        {
            SnapshotScan scan = Scan(file, groups, "reading the revisions", cancellationToken);
            isRead = scan.Hash is not null;
            if (groups.NewRoots is { Count: > 0 } roots)
            {
                // The revisions that have passed cannot be grouped again, because only the groups were kept.
                observer.LogVerbose($"{_name}: {string.Join(", ", roots.Select(KeySpan.Text))} belongs to Kubernetes.");
                var again = new HistoryGroups(groups.Layout.With(roots));
                scan = Scan(file, again, "grouping by resource", cancellationToken);
                groups = again;
            }
            LogScan(scan);
            Emit(groups, isRead);
            if (!scan.IsValid)
                throw SnapshotFileErrors.Damaged(request.Path, scan, hasRows: groups.Groups.Count > 0);
            if (groups.Groups.Count == 0)
                observer.Warn($"PrefixMatchesNothing: {NothingFound()}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Emit(groups, isRead);
            throw;
        }
        finally
        {
            observer.Report(new RunProgress(Activity, "done", 1, IsOver: true));
        }
    }

    /// <summary>
    /// Reads the file once. The SHA-256 is not computed: it would take as long as the rest, and proves no size.
    /// </summary>
    private SnapshotScan Scan(
        SnapshotFile file,
        HistoryGroups groups,
        string status,
        CancellationToken cancellationToken
    ) =>
        file.Scan(
            new SnapshotScanOptions
            {
                Visitor = groups.Add,
                Progress = new ScanProgress(done => observer.Report(new RunProgress(Activity, status, done))),
                ComputeSha256 = false,
            },
            cancellationToken
        );

    private void Emit(HistoryGroups groups, bool isComplete)
    {
        IReadOnlyList<EtcdSpaceUsage> rows = _rows.Of(groups, isComplete);
        foreach (EtcdSpaceUsage row in rows)
            observer.Emit(row);
        if (rows.Count > 0)
            observer.Inform($"{_name}: {SpaceUsageTotal.Of(rows)}.");
    }

    private void LogScan(SnapshotScan scan) =>
        observer.LogVerbose(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_name}: {scan.RevisionCount} revisions were read. The newest revision is {scan.Revision}, "
            )
                + (
                    scan.CompactRevision < 0
                        ? "and there was no compaction."
                        : $"the compacted one {scan.CompactRevision}."
                )
        );

    private string NothingFound() =>
        request.Prefix.Length > 0 ? $"No key of {_name} begins with '{request.Prefix}'." : $"{_name} has no keys.";

    private sealed class ScanProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
