using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// A group of keys: those with its prefix that belong to no longer prefix. It has one span, or several if keys of
/// other groups lie between them.
/// </summary>
internal sealed class KeyGroup(string prefix)
{
    private readonly List<SpanNode> _spans = [];

    public string Prefix { get; } = prefix;

    public long Count { get; private set; }

    public IReadOnlyList<SpanNode> Spans => _spans;

    public SizeMeasure Sizes { get; } = new();

    public void Add(SpanNode span)
    {
        _spans.Add(span);
        Count += span.Count;
    }

    /// <summary>Returns the span that contains the key with this number, and its number in the span.</summary>
    public (SpanNode Node, long Ordinal) Locate(long ordinal)
    {
        foreach (SpanNode span in _spans)
        {
            if (ordinal < span.Count)
                return (span, ordinal);
            ordinal -= span.Count;
        }
        return (_spans[^1], Math.Max(0, _spans[^1].Count - 1));
    }
}
