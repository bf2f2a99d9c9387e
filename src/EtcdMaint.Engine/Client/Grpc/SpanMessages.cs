using System.Text;
using EtcdMaint.Engine.Wire;
using Google.Protobuf;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>
/// Maps spans of keys to the messages of etcd. Values are measured in the message and dropped with it.
/// </summary>
internal static class SpanMessages
{
    public static RangeRequest Request(KeySpan span, long revision) =>
        new()
        {
            Key = Bytes(span.From),
            RangeEnd = Bytes(span.To),
            Limit = span.Limit,
            Revision = revision,
            Serializable = true,
            CountOnly = span.Limit == 0,
            KeysOnly = !span.WithValues,
        };

    /// <summary>All keys of the span, regardless of its limit.</summary>
    public static RangeRequest RequestAll(KeySpan span, long revision)
    {
        RangeRequest request = Request(span, revision);
        request.Limit = 0;
        request.CountOnly = false;
        return request;
    }

    /// <summary>
    /// A transaction without compares runs its first operations, and one that only reads is a local read.
    /// </summary>
    public static TxnRequest Request(IReadOnlyList<KeySpan> spans, long revision)
    {
        var request = new TxnRequest();
        foreach (KeySpan span in spans)
            request.Success.Add(new RequestOp { RequestRange = Request(span, revision) });
        return request;
    }

    public static KeySpansReply Read(RangeResponse response, KeySpan span) =>
        new(ReplyMapper.Read(response.Header), [ReadSpan(response, span)]);

    public static KeySpansReply Read(TxnResponse response, IReadOnlyList<KeySpan> spans) =>
        new(
            ReplyMapper.Read(response.Header),
            [.. response.Responses.Select((answer, i) => ReadSpan(answer.ResponseRange, spans[i]))]
        );

    public static WatchRequest Watch(KeySpan span) =>
        new()
        {
            CreateRequest = new WatchCreateRequest { Key = Bytes(span.From), RangeEnd = Bytes(span.To) },
        };

    public static KeyWrite Read(Event written) =>
        new(Text(written.Kv.Key), written.Kv.Key.Length + written.Kv.Value.Length);

    public static KeySize[] ReadKeys(RangeResponse response, KeySpan span)
    {
        var keys = new KeySize[response.Kvs.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            KeyValue found = response.Kvs[i];
            keys[i] = new KeySize(Text(found.Key), span.WithValues ? found.Key.Length + found.Value.Length : 0);
        }
        return keys;
    }

    private static KeySpanReply ReadSpan(RangeResponse response, KeySpan span) =>
        new(response.Count, ReadKeys(response, span));

    private static ByteString Bytes(string key) => ByteString.CopyFrom(key, Encoding.Latin1);

    private static string Text(ByteString key) => key.ToString(Encoding.Latin1);
}
