using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Measures every value, page by page. The pages end close behind their last key, because etcd walks through the index
/// of a whole span for each page of it.
/// </summary>
internal sealed class ExactSizes(SpanReader reader, Action<double> report)
{
    private long _done;
    private long _total;

    public async Task RunAsync(IReadOnlyCollection<KeyGroup> groups)
    {
        _total = Math.Max(1, groups.Sum(group => group.Count));
        (KeyGroup Group, SpanNode Node)[] open =
        [
            .. groups.SelectMany(group => group.Spans.Select(span => (group, span))),
        ];
        await MeasureAsync([.. open.Where(o => !IsLong(o.Node))]).ConfigureAwait(false);
        foreach ((KeyGroup group, SpanNode node) in open.Where(o => IsLong(o.Node)))
            await MeasureLongAsync(group, node).ConfigureAwait(false);

        // Fewer keys are left than were counted if the reads have moved to a newer revision.
        foreach (KeyGroup group in groups)
            group.Sizes.Complete();
    }

    /// <summary>Streams a long span. What etcd does not stream is divided and read in pages.</summary>
    private async Task MeasureLongAsync(KeyGroup group, SpanNode node)
    {
        KeySpan all = node.Span with { WithValues = true };
        long before = _done;
        if (await reader.StreamAsync(all, keys => Add(group, keys)).ConfigureAwait(false) is not { } left)
            return;
        SpanNode rest = left == all ? node : new SpanNode(left, node.Count - (_done - before), first: null);
        await foreach (SpanNode[] parts in DivideAsync(rest).ConfigureAwait(false))
            await MeasureAsync([.. parts.Select(part => (group, part))]).ConfigureAwait(false);
    }

    private void Add(KeyGroup group, IReadOnlyList<KeySize> keys)
    {
        group.Sizes.Add(keys);
        if (group.Sizes.MeasuredKeys == group.Count)
            group.Sizes.Complete();
        _done += keys.Count;
        report(Math.Min(1, (double)_done / _total));
    }

    private static bool IsLong(SpanNode node) => node.Count > Limits.Space.KeysPerWalk;

    /// <summary>Divides a span until its parts are short. Only the part in hand is kept in memory.</summary>
    private async IAsyncEnumerable<SpanNode[]> DivideAsync(SpanNode whole)
    {
        var open = new Stack<SpanNode>([whole]);
        while (open.TryPop(out SpanNode? node))
        {
            node.Divide(await reader.ReadAsync(node.Division).ConfigureAwait(false), (int)Limits.Space.KeysPerWalk);
            yield return [.. node.Parts!.Where(part => !IsLong(part))];
            foreach (SpanNode part in node.Parts!.Where(IsLong).Reverse())
                open.Push(part);
        }
    }

    /// <summary>
    /// Reads short spans, several at the same time: each in pages, and short ones together in one call.
    /// </summary>
    private async Task MeasureAsync(IReadOnlyList<(KeyGroup Group, SpanNode Node)> spans)
    {
        foreach ((KeyGroup Group, SpanNode Node)[] some in spans.Chunk(Limits.Space.LeavesPerCall))
        {
            (KeyGroup Group, KeySpan Span)[] open =
            [
                .. some.Select(s =>
                    (s.Group, s.Node.Span with { WithValues = true, Limit = Limits.Space.KeysInFirstPage })
                ),
            ];
            while (open.Length > 0)
            {
                KeySpanReply[] pages = await reader
                    .ReadAsync([.. open.Select(o => o.Span)], Limits.Space.PagesPerCall)
                    .ConfigureAwait(false);
                var next = new List<(KeyGroup Group, KeySpan Span)>();
                for (int i = 0; i < pages.Length; i++)
                {
                    IReadOnlyList<KeySize> keys = pages[i].Keys;
                    Add(open[i].Group, keys);
                    if (pages[i].Count > keys.Count && keys.Count > 0)
                        next.Add(
                            (open[i].Group, open[i].Span with { From = keys[^1].Key + "\0", Limit = PageAfter(keys) })
                        );
                }
                open = [.. next];
            }
        }
    }

    private static int PageAfter(IReadOnlyList<KeySize> keys) =>
        (int)
            Math.Clamp(
                Limits.Space.PageBytes / Math.Max(1, keys.Average(key => (double)key.Bytes)),
                1,
                Limits.Space.KeysPerPage
            );
}
