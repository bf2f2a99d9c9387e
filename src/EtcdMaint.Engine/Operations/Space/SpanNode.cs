using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// A span with the number of its keys, divided into smaller ones where a sample needs them. A span with few keys is a
/// leaf.
/// </summary>
/// <param name="span">The span.</param>
/// <param name="count">The number of its keys.</param>
/// <param name="first">Its first key.</param>
internal sealed class SpanNode(KeySpan span, long count, string first)
{
    public KeySpan Span { get; } = span;

    public long Count { get; } = count;

    public string First { get; } = first;

    /// <summary>The parts, or null if the span was not divided yet.</summary>
    public IReadOnlyList<SpanNode>? Parts { get; private set; }

    /// <summary>The measured keys, or null if they were not read yet.</summary>
    public IReadOnlyList<KeySize>? Measured { get; set; }

    /// <summary>The spans to read in order to divide this one: its first key, and what follows.</summary>
    public IReadOnlyList<KeySpan> Division =>
        field ??= [new KeySpan(First, First + "\0", 1), .. SpanSplit.Rest(First, First + "\0", Span.To, isLarge: true)];

    /// <summary>Divides the span by the replies to <see cref="Division"/>.</summary>
    public void Divide(ReadOnlySpan<KeySpanReply> replies)
    {
        var parts = new List<SpanNode>();
        for (int i = 0; i < replies.Length; i++)
            if (replies[i] is { Count: > 0, Keys: [var key, ..] } reply)
                parts.Add(new SpanNode(Division[i], reply.Count, key.Key));
        Parts = parts;
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
