using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// A span with the number of its keys, divided into smaller ones where a sample needs them. A span with few keys is a
/// leaf.
/// </summary>
/// <param name="span">The span.</param>
/// <param name="count">The number of its keys.</param>
/// <param name="first">Its first key, or null if it was not read.</param>
/// <param name="isNarrow">
/// Whether the span before, which was divided by characters, has all its keys in this one.
/// </param>
internal sealed class SpanNode(KeySpan span, long count, string? first, bool isNarrow = false)
{
    private IReadOnlyList<KeySpan>? _division;

    public KeySpan Span { get; } = span;

    public long Count { get; } = count;

    public string? First { get; } = first;

    /// <summary>The parts, or null if the span was not divided yet.</summary>
    public IReadOnlyList<SpanNode>? Parts { get; private set; }

    /// <summary>The measured keys, or null if they were not read yet.</summary>
    public IReadOnlyList<KeySize>? Measured { get; set; }

    /// <summary>
    /// The spans to read in order to divide this one. Keys that have more characters in common are found by the spans
    /// around the first key, because a division by one character after the other would take a call for each.
    /// </summary>
    public IReadOnlyList<KeySpan> Division =>
        _division ??= isNarrow
            ? [new KeySpan(First!, First + "\0", 1), .. SpanSplit.Rest(First!, First + "\0", Span.To, isLarge: false)]
            : [.. SpanSplit.ByCharacter(First ?? Span.From, Span.To)];

    /// <summary>
    /// Divides the span by the replies to <see cref="Division"/>. Neighbors with few keys become one part, because
    /// equal leaves make a better sample.
    /// </summary>
    public void Divide(ReadOnlySpan<KeySpanReply> replies, int leafKeys)
    {
        IReadOnlyList<KeySpan> spans = Division;
        int filled = 0;
        foreach (KeySpanReply reply in replies)
            filled += reply.Count > 0 ? 1 : 0;
        var parts = new List<SpanNode>();
        for (int i = 0; i < replies.Length; i++)
        {
            if (replies[i] is not { Count: > 0, Keys: [var key, ..] } reply)
                continue;
            if (parts is [.., var last] && last.Count + reply.Count <= leafKeys)
                parts[^1] = new SpanNode(last.Span with { To = spans[i].To }, last.Count + reply.Count, last.First);
            else
                parts.Add(new SpanNode(spans[i], reply.Count, key.Key, isNarrow: filled == 1 && !isNarrow));
        }
        (Parts, _division) = (parts, null);
    }

    /// <summary>Returns the part that contains the key with this number, and its number in the part.</summary>
    public (SpanNode Node, long Ordinal) Locate(long ordinal)
    {
        foreach (SpanNode part in Parts!)
        {
            if (ordinal < part.Count)
                return (part, ordinal);
            ordinal -= part.Count;
        }
        return (Parts![^1], Math.Max(0, Parts[^1].Count - 1));
    }
}
