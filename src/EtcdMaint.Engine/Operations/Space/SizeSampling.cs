using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Estimates the bytes of groups from a sample. A draw selects a key by its number in the group, and measures the few
/// keys around it. The numbers are spread evenly over the group, so every part of it is represented. The largest groups
/// are drawn from until their error is small or the sample has cost enough.
/// </summary>
internal sealed class SizeSampling(SpanReader reader, Random random, Action<double> report)
{
    private long _bytesRead;
    private double _leafBytes;

    /// <summary>Measures a sample of all groups.</summary>
    /// <param name="resources">
    /// The groups by resource. A group with too few draws of its own is estimated by its resource.
    /// </param>
    /// <param name="maximumBytes">The bytes to read at most.</param>
    public async Task RunAsync(IReadOnlyList<ResourceGroups> resources, long maximumBytes)
    {
        _leafBytes = Math.Min(Limits.Space.LeafBytes, (double)maximumBytes / Limits.Space.Leaves);
        await ScaleAsync(resources).ConfigureAwait(false);
        report(0.1);
        double expected = resources.Sum(r => r.Count * r.Scale);
        if (expected <= 0)
            return;
        await DrawAsync([
                .. resources
                    .Where(r => r.Count * r.Scale >= Limits.Space.SampledShare * expected)
                    .SelectMany(r =>
                    {
                        int leafKeys = LeafKeys(r.Scale);
                        double bytes = Limits.Space.FirstShare * maximumBytes * r.Count * r.Scale / expected;
                        int draws = (int)Math.Ceiling(bytes / (leafKeys * r.Scale));
                        return Spread(r, Math.Max(draws, Limits.Space.MinimumDraws), leafKeys);
                    }),
            ])
            .ConfigureAwait(false);
        report(0.4);
        for (int round = 1; round <= Limits.Space.Rounds && _bytesRead < maximumBytes; round++)
        {
            Draw[] more = [.. Refine(resources, (maximumBytes - _bytesRead) / (Limits.Space.Rounds - round + 1))];
            if (more.Length == 0)
                return;
            await DrawAsync(more).ConfigureAwait(false);
            report(0.4 + 0.6 * round / Limits.Space.Rounds);
        }
    }

    /// <summary>
    /// Measures the first keys of some groups of each resource, which tells how large its values are. A small resource
    /// is estimated by them.
    /// </summary>
    private async Task ScaleAsync(IReadOnlyList<ResourceGroups> resources)
    {
        (ResourceGroups Resource, KeySpan Span)[] spans =
        [
            .. resources.SelectMany(resource =>
                resource.Some.Select(group =>
                    (resource, group.Spans[0].Span with { Limit = Limits.Space.ScaleKeys, WithValues = true })
                )
            ),
        ];
        KeySpanReply[] replies = await reader
            .ReadAsync([.. spans.Select(s => s.Span)], Limits.Space.ScalesPerCall)
            .ConfigureAwait(false);
        for (int i = 0; i < spans.Length; i++)
        {
            spans[i].Resource.First.Draw(replies[i].Keys);
            _bytesRead += replies[i].Keys.Sum(key => (long)key.Bytes);
        }
    }

    /// <summary>
    /// Draws from the largest groups whose error is still too large, each in proportion to what it lacks.
    /// </summary>
    private IEnumerable<Draw> Refine(IReadOnlyList<ResourceGroups> resources, long maximumBytes)
    {
        (ResourceGroups Resource, KeyGroup Group, double Lacks)[] largest =
        [
            .. resources
                .SelectMany(resource => resource.Groups.Select(group => (Resource: resource, Group: group)))
                .OrderByDescending(g => g.Resource.EstimateOf(g.Group))
                .Take(Limits.Space.RefinedGroups)
                .Select(g => (g.Resource, g.Group, Lacks(g.Group)))
                .Where(g => g.Item3 > 0),
        ];
        double wanted = largest.Sum(g => g.Lacks * LeafKeys(g.Resource.MeanOf(g.Group)) * g.Resource.MeanOf(g.Group));
        double share = Math.Min(1, maximumBytes / Math.Max(1, wanted));
        foreach ((ResourceGroups resource, KeyGroup group, double lacks) in largest)
        {
            int leafKeys = LeafKeys(resource.MeanOf(group));
            int draws = (int)Math.Ceiling(Math.Min(lacks * share, (double)group.Count / leafKeys));
            for (int i = 0; i < draws; i++)
                yield return new Draw(resource, group, Number(i, draws, group.Count), leafKeys, IsOfResource: false);
        }
    }

    /// <summary>Returns how many draws the group lacks until its error is small.</summary>
    private static double Lacks(KeyGroup group)
    {
        if (group.Sizes.StandardError(Limits.Space.MinimumDraws) is not { } error)
            return Limits.Space.MinimumDraws * 2 - group.Sizes.Draws;
        double ratio = error / Limits.Space.StandardError;
        return ratio <= 1 ? 0 : group.Sizes.Draws * (ratio * ratio - 1);
    }

    /// <summary>Returns draws that are spread evenly over all keys of a resource.</summary>
    private IEnumerable<Draw> Spread(ResourceGroups resource, int draws, int leafKeys)
    {
        for (int i = 0; i < draws; i++)
        {
            long number = Number(i, draws, resource.Count);
            foreach (KeyGroup group in resource.Groups)
            {
                if (number < group.Count)
                {
                    yield return new Draw(resource, group, number, leafKeys, IsOfResource: true);
                    break;
                }
                number -= group.Count;
            }
        }
    }

    private long Number(int index, int draws, long count) =>
        Math.Min(count - 1, (long)((index + random.NextDouble()) / draws * count));

    /// <summary>Small values are measured in larger leaves, because most of the time of a draw is the call.</summary>
    private int LeafKeys(double meanBytes) =>
        (int)Math.Clamp(_leafBytes / Math.Max(1, meanBytes), 1, Limits.Space.MaximumLeafKeys);

    /// <summary>Finds the leaf of each draw, level by level for all of them, and measures the leaves.</summary>
    private async Task DrawAsync(IReadOnlyList<Draw> draws)
    {
        SpanNode[] leaves = await FindLeavesAsync(draws).ConfigureAwait(false);
        SpanNode[] unread = [.. leaves.Where(leaf => leaf.Measured is null).Distinct()];
        KeySpanReply[] replies = await reader
            .ReadAsync(
                [
                    .. unread.Select(leaf =>
                        leaf.Span with
                        {
                            Limit = (int)Math.Min(leaf.Count, Limits.Space.MaximumLeafKeys),
                            WithValues = true,
                        }
                    ),
                ],
                Limits.Space.LeavesPerCall
            )
            .ConfigureAwait(false);
        for (int i = 0; i < unread.Length; i++)
        {
            unread[i].Measured = replies[i].Keys;
            _bytesRead += replies[i].Keys.Sum(key => (long)key.Bytes);
        }
        for (int i = 0; i < draws.Count; i++)
            draws[i].Add(leaves[i]);
    }

    private async Task<SpanNode[]> FindLeavesAsync(IReadOnlyList<Draw> draws)
    {
        (SpanNode Node, long Number)[] at = [.. draws.Select(draw => draw.Group.Locate(draw.Number))];
        while (true)
        {
            (SpanNode Node, int LeafKeys)[] undivided =
            [
                .. at.Select((a, i) => (a.Node, draws[i].LeafKeys))
                    .Where(a => !IsLeaf(a.Node, a.LeafKeys) && a.Node.Parts is null)
                    .DistinctBy(a => a.Node),
            ];
            await DivideAsync(undivided).ConfigureAwait(false);
            bool hasMoved = false;
            for (int i = 0; i < at.Length; i++)
            {
                if (IsLeaf(at[i].Node, draws[i].LeafKeys) || at[i].Node.Parts is not { Count: > 0 })
                    continue;
                at[i] = at[i].Node.Locate(at[i].Number);
                hasMoved = true;
            }
            if (!hasMoved)
                return [.. at.Select(a => a.Node)];
        }
    }

    private static bool IsLeaf(SpanNode node, int leafKeys) => node.Count <= leafKeys || node.Measured is not null;

    private async Task DivideAsync((SpanNode Node, int LeafKeys)[] nodes)
    {
        KeySpanReply[] replies = await reader
            .ReadAsync([.. nodes.SelectMany(n => n.Node.Division)])
            .ConfigureAwait(false);
        int start = 0;
        foreach ((SpanNode node, int leafKeys) in nodes)
        {
            int count = node.Division.Count;
            node.Divide(replies.AsSpan(start, count), leafKeys);
            start += count;
        }
    }

    /// <summary>One draw.</summary>
    /// <param name="Number">The number of the key in the group.</param>
    /// <param name="LeafKeys">The largest number of keys to measure.</param>
    /// <param name="IsOfResource">Whether it was drawn from all keys of the resource.</param>
    private sealed record Draw(ResourceGroups Resource, KeyGroup Group, long Number, int LeafKeys, bool IsOfResource)
    {
        public void Add(SpanNode leaf)
        {
            Group.Sizes.Draw(leaf.Measured!);
            if (IsOfResource)
                Resource.Sizes.Draw(leaf.Measured!);
            if (Group.Spans is [var whole] && whole == leaf && leaf.Measured!.Count == leaf.Count)
                Group.Sizes.CompleteWith(leaf.Measured);
        }
    }
}
