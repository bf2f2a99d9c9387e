using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Finds the groups of keys and counts their keys, without reading the keys between them: it reads the first key of a
/// span, counts the group of that key, and continues behind the group. Where prefixes are likely, it asks for them at
/// once, and for what lies between them.
/// </summary>
internal sealed class GroupDiscovery(SpanReader reader, KeyLayout layout, Action<long, long> report)
{
    private readonly SortedDictionary<string, KeyGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>The spans that were counted but not yet divided, by the level of their next division.</summary>
    private readonly Dictionary<int, List<SpanNode>> _open = [];

    private KeyLayout _layout = layout;
    private IReadOnlyList<ResourceGroups>? _resources;
    private long _total;
    private long _done;

    public KeyLayout Layout => _layout;

    /// <summary>The groups that were found until now.</summary>
    public IReadOnlyCollection<KeyGroup> Groups => _groups.Values;

    /// <summary>The groups of each resource.</summary>
    public IReadOnlyList<ResourceGroups> Resources =>
        _resources ??= [
            .. _groups
                .Values.GroupBy(group => _layout.RootOf(group.Prefix) is null ? group.Prefix : ResourceOf(group.Prefix))
                .Select(groups => new ResourceGroups([.. groups])),
        ];

    public KeyGroup? Find(string prefix) => _groups.GetValueOrDefault(prefix);

    public async Task RunAsync(KeySpan all)
    {
        await AdoptAsync([_layout.FirstSegment]).ConfigureAwait(false);
        await AskAsync([(all, [.. _layout.LikelyPrefixes().Where(p => all.Contains(p))])], level: 1)
            .ConfigureAwait(false);
        _total = _open.Values.SelectMany(spans => spans).Sum(span => span.Count) + _done;
        await DivideAsync(1).ConfigureAwait(false);
        foreach (string root in await AdoptAsync([.. FirstLevel().Distinct()]).ConfigureAwait(false))
        {
            Forget(root);
            string[] likely = [.. _layout.LikelyPrefixes().Where(p => p.StartsWith(root, StringComparison.Ordinal))];
            await AskAsync([(KeySpan.OfPrefix(root), likely)], level: 1).ConfigureAwait(false);
        }
        await DivideAsync(1).ConfigureAwait(false);
        for (int level = 2; _open.Count > 0; level++)
        {
            if (level == 2)
                await AskForNamespacesAsync().ConfigureAwait(false);
            await DivideAsync(level).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The prefixes of level 1, below which there are already groups if the user specified a larger depth.
    /// </summary>
    private IEnumerable<string?> FirstLevel() =>
        _groups
            .Keys.Concat(_open.GetValueOrDefault(2, []).Select(span => span.First!))
            .Select(key => _layout.PrefixAt(key, 1));

    /// <summary>Removes what was found below a prefix.</summary>
    private void Forget(string prefix)
    {
        foreach (KeyGroup group in _groups.Values.Where(group => IsBelow(group.Prefix)).ToArray())
        {
            _groups.Remove(group.Prefix);
            _done -= group.Count;
        }
        foreach (SpanNode span in TakeOpen(2).Where(span => !IsBelow(span.First!)))
            Open(span, 2);

        bool IsBelow(string key) => key.StartsWith(prefix, StringComparison.Ordinal);
    }

    /// <summary>Adds the prefixes at which an API server stores its keys.</summary>
    private async Task<IReadOnlyList<string>> AdoptAsync(IReadOnlyList<string?> candidates)
    {
        string[] unknown = [.. candidates.OfType<string>().Where(c => c.EndsWith('/') && _layout.RootOf(c) is null)];
        if (unknown.Length == 0)
            return [];
        KeySpan[] signs =
        [
            .. unknown.SelectMany(c => KeyLayout.SignsOfRoot.Select(sign => KeySpan.OfPrefix(c + sign))),
        ];
        if (await TryReadAsync(signs).ConfigureAwait(false) is not { } replies)
            return [];
        string[] roots = [.. unknown.Where((_, i) => replies[2 * i].Count > 0 && replies[2 * i + 1].Count > 0)];
        _layout = _layout.With(roots);
        return roots;
    }

    /// <summary>Asks for likely prefixes in spans and for what lies between them.</summary>
    private async Task AskAsync(IReadOnlyList<(KeySpan Span, IReadOnlyList<string> Likely)> asked, int level)
    {
        (KeySpan Span, bool IsGroup)[] spans = [.. asked.SelectMany(a => Around(a.Span, a.Likely))];
        KeySpanReply[] replies = await reader.ReadAsync([.. spans.Select(s => s.Span)]).ConfigureAwait(false);
        for (int i = 0; i < replies.Length; i++)
            if (NodeOf(spans[i].Span, replies[i]) is { } node)
                Take(node, spans[i].IsGroup ? level + 1 : level);
    }

    /// <summary>Returns the spans of the prefixes and those between them, which cover a span.</summary>
    private static IEnumerable<(KeySpan Span, bool IsGroup)> Around(KeySpan span, IReadOnlyList<string> prefixes)
    {
        string from = span.From;
        foreach (string prefix in prefixes.Order(StringComparer.Ordinal))
        {
            var between = new KeySpan(from, prefix, 1);
            if (!between.IsEmpty)
                yield return (between, false);
            yield return (KeySpan.OfPrefix(prefix) with { Limit = 1 }, true);
            from = KeySpan.After(prefix);
        }
        var rest = new KeySpan(from, span.To, 1);
        if (!rest.IsEmpty)
            yield return (rest, false);
    }

    /// <summary>
    /// Large resources are asked for all namespaces at once. What lies between the namespaces is read only if keys are
    /// missing, which happens if a namespace no longer exists.
    /// </summary>
    private async Task AskForNamespacesAsync()
    {
        List<SpanNode> open = TakeOpen(2);
        string[] names = await ReadNamespacesAsync(open).ConfigureAwait(false);
        SpanNode[] large = [.. open.Where(span => span.Count > names.Length && names.Length > 0 && IsInRoot(span))];
        foreach (SpanNode span in open.Except(large))
            Open(span, 2);
        string[][] likely =
        [
            .. large.Select(span =>
                names
                    .Select(name => $"{_layout.PrefixAt(span.First!, 1)}{name}/")
                    .Where(prefix => span.Span.Contains(prefix))
                    .ToArray()
            ),
        ];
        KeySpanReply[] replies = await reader
            .ReadAsync([
                .. likely.SelectMany(prefixes =>
                    prefixes.Select(p => KeySpan.OfPrefix(p) with { Limit = _layout.DepthOf(p) > 2 ? 1 : 0 })
                ),
            ])
            .ConfigureAwait(false);
        int at = 0;
        var incomplete = new List<(KeySpan Span, IReadOnlyList<string> Likely)>();
        for (int i = 0; i < large.Length; i++)
        {
            KeySpanReply[] own = replies[at..(at += likely[i].Length)];
            if (own.Sum(reply => reply.Count) != large[i].Count)
            {
                incomplete.Add((large[i].Span, likely[i]));
                continue;
            }
            foreach ((string prefix, KeySpanReply reply) in likely[i].Zip(own).Where(pair => pair.Second.Count > 0))
            {
                var node = new SpanNode(
                    KeySpan.OfPrefix(prefix),
                    reply.Count,
                    reply.Keys is [var f, ..] ? f.Key : null
                );
                if (node.First is null)
                    Close(prefix, node);
                else
                    Take(node, 3);
            }
        }
        await AskAsync(incomplete, level: 2).ConfigureAwait(false);
    }

    private bool IsInRoot(SpanNode span) => _layout.RootOf(span.First!) is not null;

    private async Task<string[]> ReadNamespacesAsync(List<SpanNode> open)
    {
        string? root = open.Select(span => _layout.RootOf(span.First!)).OfType<string>().FirstOrDefault();
        if (root is null)
            return [];
        string prefix = $"{root}namespaces/";
        KeySpan span = KeySpan.OfPrefix(prefix) with { Limit = Limits.Space.KeysPerPage };
        var names = new List<string>();
        while (true)
        {
            if (await TryReadAsync([span]).ConfigureAwait(false) is not [var page])
                return [];
            names.AddRange(page.Keys.Select(key => key.Key[prefix.Length..]));
            if (page.Keys.Count < span.Limit || names.Count >= Limits.Space.MaximumNamespaces)
                return [.. names.Where(name => !name.Contains('/', StringComparison.Ordinal))];
            span = span with { From = page.Keys[^1].Key + "\0" };
        }
    }

    /// <summary>Divides all open spans of a level into groups, in rounds of a few calls.</summary>
    private async Task DivideAsync(int level)
    {
        while (TakeOpen(level) is { Count: > 0 } round)
        {
            Step[] steps = [.. round.Select(span => new Step(span, _layout.PrefixAt(span.First!, level), level))];
            KeySpanReply[] replies = await reader
                .ReadAsync([.. steps.SelectMany(step => step.Spans)])
                .ConfigureAwait(false);
            int at = 0;
            var behind = new List<KeySpan>();
            foreach (Step step in steps)
            {
                behind.AddRange(Read(step, replies.AsSpan(at, step.Spans.Count)));
                at += step.Spans.Count;
            }
            KeySpanReply[] rest = await reader.ReadAsync(behind).ConfigureAwait(false);
            for (int i = 0; i < rest.Length; i++)
                if (NodeOf(behind[i], rest[i]) is { } node)
                    Take(node, level);
            report(_done, _total);
        }
    }

    /// <summary>Returns the spans behind a page, which are not counted yet.</summary>
    private IEnumerable<KeySpan> Read(Step step, ReadOnlySpan<KeySpanReply> replies)
    {
        if (step.IsPage)
            return ReadPage(step, replies[0]);
        for (int i = 0; i < replies.Length; i++)
            if (NodeOf(step.Spans[i], replies[i]) is { } node)
                Take(node, i == 0 ? step.Level + 1 : step.Level);
        return [];
    }

    /// <summary>Groups the keys of a page, and returns what follows them.</summary>
    private IEnumerable<KeySpan> ReadPage(Step step, KeySpanReply page)
    {
        IReadOnlyList<KeySize> keys = page.Keys;
        int first = 0;
        for (int next = 1; next <= keys.Count; next++)
        {
            string group = GroupOf(keys[first].Key);
            if (next < keys.Count && GroupOf(keys[next].Key) == group)
                continue;
            var span = new KeySpan(keys[first].Key, keys[next - 1].Key + "\0", 1);
            Close(group, new SpanNode(span, next - first, keys[first].Key));
            first = next;
        }
        return page.Count > page.Keys.Count && page.Keys is [.., var last]
            ? SpanSplit.Rest(last.Key, last.Key + "\0", step.Node.Span.To, isLarge: true)
            : [];
    }

    /// <summary>Keeps a span whose keys belong to one group of the level before, or are still to be divided.</summary>
    private void Take(SpanNode node, int level)
    {
        bool hasEnded = level > 1 && (level > _layout.DepthOf(node.First!) || IsWithoutNamespace(node.First!, level));
        if (hasEnded)
            Close(_layout.PrefixAt(node.First!, level - 1)!, node);
        else
            Open(node, level);
    }

    /// <summary>In Kubernetes, a resource has namespaces in all its keys or in none.</summary>
    private bool IsWithoutNamespace(string key, int level) =>
        level == 2 && _layout.RootOf(key) is not null && _layout.PrefixAt(key, 2) is null;

    /// <summary>Returns the prefix of the group of a key.</summary>
    public string GroupOf(string key) => _layout.GroupOf(key);

    private string ResourceOf(string prefix) => _layout.PrefixAt(prefix, 1) ?? prefix;

    private void Close(string prefix, SpanNode node)
    {
        if (!_groups.TryGetValue(prefix, out KeyGroup? group))
            _groups[prefix] = group = new KeyGroup(prefix);
        group.Add(node);
        _done += node.Count;
        _resources = null;
    }

    private void Open(SpanNode node, int level)
    {
        if (!_open.TryGetValue(level, out List<SpanNode>? open))
            _open[level] = open = [];
        open.Add(node);
    }

    private List<SpanNode> TakeOpen(int level) => _open.Remove(level, out List<SpanNode>? open) ? open : [];

    private static SpanNode? NodeOf(KeySpan span, KeySpanReply reply) =>
        reply is { Count: > 0, Keys: [var first, ..] } ? new SpanNode(span, reply.Count, first.Key) : null;

    /// <summary>Reads keys outside the prefix of the user, which the user may have no permission to read.</summary>
    private async Task<KeySpanReply[]?> TryReadAsync(IReadOnlyList<KeySpan> spans)
    {
        try
        {
            return await reader.ReadAsync(spans).ConfigureAwait(false);
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.PermissionDenied)
        {
            return null;
        }
    }

    /// <summary>The reads that divide one span.</summary>
    private sealed class Step
    {
        /// <param name="node">The span.</param>
        /// <param name="own">The prefix of its first group, or null if its first key has no further part.</param>
        /// <param name="level">The level of the groups.</param>
        public Step(SpanNode node, string? own, int level)
        {
            Node = node;
            Level = level;
            IsPage = own is null || node.Count <= Limits.Space.SmallSpan;
            if (IsPage)
            {
                Spans = [node.Span with { Limit = (int)Math.Min(node.Count, Limits.Space.KeysPerPage) }];
                return;
            }
            string end = SpanSplit.Earlier(KeySpan.After(own!), node.Span.To);
            Spans =
            [
                new KeySpan(SpanSplit.Later(own!, node.Span.From), end, 1),
                .. SpanSplit.Rest(own!, end, node.Span.To, node.Count > Limits.Space.LargeSpan),
            ];
        }

        public SpanNode Node { get; }

        /// <summary>Whether keys are read, instead of the first key of each part.</summary>
        public bool IsPage { get; }

        public int Level { get; }

        public IReadOnlyList<KeySpan> Spans { get; }
    }
}
