using EtcdMaint.Engine.Wire;
using Google.Protobuf;

namespace EtcdMaint.Simulation.State;

/// <summary>The current keys of a cluster, in the order of their bytes. Old values are not kept.</summary>
internal sealed class KeyStore
{
    private readonly SortedList<string, KeyValue> _keys = new(StringComparer.Ordinal);

    public KeyValue? Find(ByteString key) => _keys.GetValueOrDefault(Text(key));

    public IEnumerable<KeyValue> Range(ByteString from, ByteString to)
    {
        if (to.IsEmpty)
            return Find(from) is { } only ? [only] : [];
        (string first, string end) = (Text(from), Text(to));
        return _keys
            .Where(k => string.CompareOrdinal(k.Key, first) >= 0)
            .TakeWhile(k => end == "\0" || string.CompareOrdinal(k.Key, end) < 0)
            .Select(k => k.Value);
    }

    public void Put(PutRequest put, long revision)
    {
        KeyValue? old = Find(put.Key);
        _keys[Text(put.Key)] = new KeyValue
        {
            Key = put.Key,
            Value = put.Value,
            Lease = put.Lease,
            CreateRevision = old?.CreateRevision ?? revision,
            ModRevision = revision,
            Version = (old?.Version ?? 0) + 1,
        };
    }

    /// <summary>Returns the number of keys that were deleted.</summary>
    public int Delete(IEnumerable<KeyValue> keys) => keys.ToArray().Count(key => _keys.Remove(Text(key.Key)));

    public IEnumerable<KeyValue> OfLease(long lease) => _keys.Values.Where(key => key.Lease == lease);

    /// <summary>One character for each byte, so that the order is that of the bytes.</summary>
    private static string Text(ByteString bytes) => System.Text.Encoding.Latin1.GetString(bytes.Span);
}
