using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>Keys with sizes in the order of etcd, and what the reads of them cost.</summary>
internal sealed class MemoryKeys
{
    private readonly string[] _keys;
    private readonly int[] _bytes;
    private long _walked;
    private long _bytesRead;
    private int _calls;

    public MemoryKeys(IEnumerable<KeySize> keys)
    {
        KeySize[] sorted = [.. keys.DistinctBy(key => key.Key).OrderBy(key => key.Key, StringComparer.Ordinal)];
        _keys = [.. sorted.Select(key => key.Key)];
        _bytes = [.. sorted.Select(key => key.Bytes)];
    }

    public IReadOnlyList<string> Keys => _keys;

    public IEnumerable<KeySize> Sizes => _keys.Zip(_bytes, (key, bytes) => new KeySize(key, bytes));

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The keys whose index etcd walked through, which up to 3.6 are all keys of each span.</summary>
    public long Walked => Interlocked.Read(ref _walked);

    /// <summary>The bytes of measured keys and values.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public KeySpanReply[] Read(IReadOnlyList<KeySpan> spans)
    {
        KeySpanReply[] replies = [.. spans.Select(Read)];
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _walked, replies.Sum(reply => reply.Count));
        Interlocked.Add(ref _bytesRead, BytesOf(replies));
        return replies;
    }

    public static long BytesOf(IEnumerable<KeySpanReply> replies) =>
        replies.Sum(reply => reply.Keys.Sum(key => (long)key.Bytes));

    public long Count(KeySpan span) => Math.Max(0, End(span) - IndexOf(span.From));

    private KeySpanReply Read(KeySpan span)
    {
        int from = IndexOf(span.From);
        int count = Math.Max(0, End(span) - from);
        var keys = new KeySize[Math.Min(count, span.Limit)];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = new KeySize(_keys[from + i], span.WithValues ? _bytes[from + i] : 0);
        return new KeySpanReply(count, keys);
    }

    private int End(KeySpan span) => span.To == KeySpan.Endless ? _keys.Length : IndexOf(span.To);

    private int IndexOf(string key)
    {
        int index = Array.BinarySearch(_keys, key, StringComparer.Ordinal);
        return index < 0 ? ~index : index;
    }
}
