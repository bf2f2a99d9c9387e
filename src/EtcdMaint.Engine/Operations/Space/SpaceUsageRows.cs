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
        TimeSpan watched = writes?.Watched ?? TimeSpan.Zero;
        EtcdSpaceUsage[] rows =
        [
            .. discovery.Resources.SelectMany(resource =>
                resource.Groups.Select(group => Row(discovery.Layout, resource, group))
            ),
            .. written
                .Keys.Where(prefix => discovery.Find(prefix) is null)
                .Select(prefix => Row(discovery.Layout, null, new KeyGroup(prefix))),
        ];
        double all = rows.Sum(Weight);
        return
        [
            .. rows.Select(row => row with { Share = all > 0 ? Weight(row) / all : null })
                .Select(row =>
                    watched > TimeSpan.Zero ? WithWrites(row, written.GetValueOrDefault(KeySpan.Key(row.Prefix))) : row
                )
                .OrderByDescending(row => row.WritesPerSecond)
                .ThenByDescending(Weight)
                .ThenBy(row => row.Prefix, StringComparer.Ordinal),
        ];

        EtcdSpaceUsage WithWrites(EtcdSpaceUsage row, (long Writes, long Bytes) of) =>
            row with
            {
                WritesPerSecond = of.Writes / watched.TotalSeconds,
                BytesWrittenPerSecond = of.Bytes / watched.TotalSeconds,
            };
    }

    private EtcdSpaceUsage Row(KeyLayout layout, ResourceGroups? resource, KeyGroup group)
    {
        KubernetesGroup? kubernetes = layout.Describe(group.Prefix);
        bool isMeasured = group.Sizes.ExactBytes is not null || resource?.MeanOf(group) > 0;
        bool isExact = group.Sizes.ExactBytes is not null;
        return new EtcdSpaceUsage
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            Prefix = KeySpan.Text(group.Prefix),
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

    private static double Weight(EtcdSpaceUsage row) => row.Bytes ?? row.KeyCount;
}
