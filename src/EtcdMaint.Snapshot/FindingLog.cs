namespace EtcdMaint.Snapshot;

/// <summary>Collects findings. It keeps a limited number, because a damaged file can have one for each page.</summary>
internal sealed class FindingLog(int maximum)
{
    private readonly List<SnapshotFinding> _findings = [];

    public IReadOnlyList<SnapshotFinding> Findings => _findings;

    public long Count { get; private set; }

    public void Add(SnapshotFindingKind kind, string message) => Add(kind, null, message);

    public void Add(SnapshotFindingKind kind, ulong? pageId, string message)
    {
        Count++;
        if (_findings.Count < maximum)
            _findings.Add(new SnapshotFinding(kind, pageId, message));
    }
}
