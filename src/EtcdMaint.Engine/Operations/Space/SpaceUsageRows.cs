using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>Makes the rows from what was counted, measured and watched.</summary>
internal sealed class SpaceUsageRows(string clusterName, string clusterId)
{
    /// <summary>
    /// Returns the rows: those with the most bytes first, or those with the most writes if the keys were watched.
    /// </summary>
    public IReadOnlyList<EtcdSpaceUsage> Of(GroupDiscovery discovery, WriteSample? writes)
    {
        var written = (writes?.Groups ?? []).ToDictionary(g => g.Prefix, g => (g.Writes, g.Bytes));
        TimeSpan? watched = writes?.Watched is { Ticks: > 0 } time ? time : null;
        EtcdSpaceUsage[] rows =
        [
            .. discovery.Resources.SelectMany(resource =>
                resource.Groups.Select(group =>
                    WithWrites(Row(discovery.Layout, resource, group), written.GetValueOrDefault(group.Prefix), watched)
                )
            ),
            .. written
                .Where(group => discovery.Find(group.Key) is null)
                .Select(group =>
                    WithWrites(Row(discovery.Layout, null, new KeyGroup(group.Key)), group.Value, watched)
                ),
        ];

        return SpaceUsageOrder.Of(rows);
    }

    private static EtcdSpaceUsage WithWrites(
        EtcdSpaceUsage row,
        (long Writes, long Bytes) written,
        TimeSpan? watched
    ) =>
        row with
        {
            WritesPerSecond = written.Writes / watched?.TotalSeconds,
            BytesWrittenPerSecond = written.Bytes / watched?.TotalSeconds,
        };

    private EtcdSpaceUsage Row(KeyLayout layout, ResourceGroups? resource, KeyGroup group)
    {
        KubernetesGroup? kubernetes = layout.Describe(group.Prefix);
        bool isMeasured = group.Sizes.ExactBytes is not null || resource?.MeanOf(group) > 0;
        bool isExact = group.Sizes.ExactBytes is not null;
        return new EtcdSpaceUsage
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            Prefix = KeySpan.Text(PrefixOf(layout, group)),
            Resource = kubernetes?.Resource,
            Namespace = kubernetes?.Namespace is { } name ? KeySpan.Text(name) : null,
            KeyCount = group.Count,
            Bytes = isMeasured ? (long)Math.Round(resource?.EstimateOf(group) ?? 0) : null,
            BytesAreExact = isExact,
            BytesErrorRatio =
                isExact ? 0
                : isMeasured ? group.Sizes.ErrorRatio(Limits.Space.MinimumDraws)
                : null,
            LargestKey = group.Sizes.Largest.Key is { } largest ? KeySpan.Text(largest) : null,
            LargestBytes = group.Sizes.Largest.Key is null ? null : group.Sizes.Largest.Bytes,
            Command = kubernetes?.Command,
        };
    }

    /// <summary>A single key that has no path is shown itself, because its group has no prefix.</summary>
    private static string PrefixOf(KeyLayout layout, KeyGroup group) =>
        group is { Count: 1, Spans: [{ First: { } only }] } && layout.PrefixAt(only, 1) is null ? only : group.Prefix;
}
