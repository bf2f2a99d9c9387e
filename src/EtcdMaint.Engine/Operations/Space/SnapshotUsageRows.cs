using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>Makes the rows from what was read from a snapshot file.</summary>
internal sealed class SnapshotUsageRows(string path)
{
    /// <param name="groups">What was read.</param>
    /// <param name="isComplete">Whether every revision of the file was read.</param>
    public IReadOnlyList<EtcdSpaceUsage> Of(HistoryGroups groups, bool isComplete) =>
        SpaceUsageOrder.Of([.. groups.Groups.Select(group => Row(groups.Layout, group, isComplete))]);

    private EtcdSpaceUsage Row(KeyLayout layout, HistoryGroup group, bool isComplete)
    {
        KubernetesGroup? kubernetes = layout.Describe(group.Prefix);
        return new EtcdSpaceUsage
        {
            ClusterName = Path.GetFileName(path),
            SnapshotPath = path,
            Prefix = KeySpan.Text(PrefixOf(layout, group)),
            Resource = kubernetes?.Resource,
            Namespace = kubernetes?.Namespace is { } name ? KeySpan.Text(name) : null,
            KeyCount = group.KeyCount,
            Bytes = group.Bytes,
            BytesAreExact = isComplete,
            BytesErrorRatio = isComplete ? 0 : null,
            LargestKey = group.Largest.Key is { } largest ? KeySpan.Text(largest) : null,
            LargestBytes = group.Largest.Key is null ? null : group.Largest.Bytes,
            Revisions = group.Revisions,
            DeadBytes = group.DeadBytes,
            Command = kubernetes?.Command,
        };
    }

    /// <summary>A single key that has no path is shown itself, because its group has no prefix.</summary>
    private static string PrefixOf(KeyLayout layout, HistoryGroup group) =>
        group.OnlyKey is { } only && layout.PrefixAt(only, 1) is null ? only : group.Prefix;
}
