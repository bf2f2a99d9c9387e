using System.Text;
using EtcdMaint.Snapshot;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Groups the revisions of a snapshot file while they pass. Only the groups stay in memory, not the keys.
/// </summary>
internal sealed class HistoryGroups(KeyLayout layout)
{
    private readonly Dictionary<string, HistoryGroup> _groups = new(StringComparer.Ordinal);
    private readonly RootSigns _signs = new(layout);

    public KeyLayout Layout { get; } = layout;

    public IReadOnlyCollection<HistoryGroup> Groups => _groups.Values;

    /// <summary>The prefixes of API servers that the layout does not have yet.</summary>
    public IReadOnlyList<string> NewRoots => _signs.Roots;

    public void Add(in SnapshotRevision revision)
    {
        // etcd has no empty key, but a restore that raises the revision (--bump-revision) writes an empty entry.
        if (revision.Key.IsEmpty)
            return;
        string key = Encoding.Latin1.GetString(revision.Key);
        if (revision.IsLive)
            _signs.Add(key);
        if (!key.StartsWith(Layout.Base, StringComparison.Ordinal))
            return;
        string prefix = Layout.GroupOf(key);
        if (!_groups.TryGetValue(prefix, out HistoryGroup? group))
            _groups[prefix] = group = new HistoryGroup(prefix);
        group.Add(key, revision);
    }
}
