using EtcdMaint.Engine.Client;
using EtcdMaint.Snapshot;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>The keys of one group in a snapshot file, and their history.</summary>
internal sealed class HistoryGroup(string prefix)
{
    private string? _onlyKey;

    public string Prefix { get; } = prefix;

    public long KeyCount { get; private set; }

    public long Bytes { get; private set; }

    public long Revisions { get; private set; }

    public long DeadBytes { get; private set; }

    public KeySize Largest { get; private set; }

    /// <summary>The key to which all revisions belong; null if there are several.</summary>
    public string? OnlyKey => _onlyKey is { Length: > 0 } key ? key : null;

    public void Add(string key, in SnapshotRevision revision)
    {
        int bytes = revision.Key.Length + revision.Value.Length;
        Revisions++;
        _onlyKey = _onlyKey is null || _onlyKey == key ? key : "";
        if (!revision.IsLive)
        {
            DeadBytes += bytes;
            return;
        }
        KeyCount++;
        Bytes += bytes;
        if (bytes > Largest.Bytes)
            Largest = new KeySize(key, bytes);
    }
}
