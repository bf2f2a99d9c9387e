using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Reads the reply to a script that reads spans of keys. A value is measured by the length of its base64 and never
/// decoded, because values may be Secrets and large.
/// </summary>
internal static class EtcdctlSpans
{
    /// <exception cref="JsonException">The output contains no complete reply to the script.</exception>
    public static KeySpansReply Read(string output, IReadOnlyList<KeySpan> spans)
    {
        ReadOnlySpan<char> message = EtcdctlJson.FindMessage(output).Span;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(message));
        try
        {
            int length = Encoding.UTF8.GetBytes(message, bytes);
            var reader = new Utf8JsonReader(bytes.AsSpan(0, length));
            reader.Read();
            return ReadReply(ref reader, spans);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    private static KeySpansReply ReadReply(ref Utf8JsonReader reader, IReadOnlyList<KeySpan> spans)
    {
        ReplyHeader header = default;
        var replies = new List<KeySpanReply>(spans.Count);
        while (HasProperty(ref reader))
        {
            if (Enters(ref reader, "header"u8))
                header = EtcdctlReplies.Header(EtcdctlJson.Parse(ref reader));
            else if (Enters(ref reader, "responses"u8))
                while (HasItem(ref reader))
                    replies.Add(
                        replies.Count < spans.Count
                            ? ReadResponse(ref reader, spans[replies.Count])
                            : throw new JsonException("the reply has more parts than the script")
                    );
            else
                reader.Skip();
        }
        return replies.Count == spans.Count
            ? new KeySpansReply(header, replies)
            : throw new JsonException("the reply has fewer parts than the script");
    }

    /// <summary>The reply to an operation is in two objects, the outer of which names no type.</summary>
    private static KeySpanReply ReadResponse(ref Utf8JsonReader reader, KeySpan span)
    {
        KeySpanReply? reply = null;
        while (HasProperty(ref reader))
        {
            if (Enters(ref reader, "response"u8))
                reply = ReadResponse(ref reader, span);
            else if (Enters(ref reader, "responserange"u8))
                reply = ReadRange(ref reader, span);
            else
                reader.Skip();
        }
        return reply ?? throw new JsonException("a part of the reply is no range");
    }

    private static KeySpanReply ReadRange(ref Utf8JsonReader reader, KeySpan span)
    {
        long count = 0;
        var keys = new List<KeySize>();
        while (HasProperty(ref reader))
        {
            if (Enters(ref reader, "count"u8))
                count = EtcdctlJson.Parse(ref reader).Signed;
            else if (span.Limit > 0 && Enters(ref reader, "kvs"u8))
                while (HasItem(ref reader))
                    keys.Add(ReadKey(ref reader, span.WithValues));
            else
                reader.Skip();
        }
        return new KeySpanReply(count, keys);
    }

    private static KeySize ReadKey(ref Utf8JsonReader reader, bool withValue)
    {
        string key = "";
        int valueBytes = 0;
        while (HasProperty(ref reader))
        {
            if (Enters(ref reader, "key"u8))
                key = Encoding.Latin1.GetString(reader.GetBytesFromBase64());
            else if (Enters(ref reader, "value"u8))
                valueBytes = Measure(ref reader);
            else
                reader.Skip();
        }
        return new KeySize(key, withValue ? key.Length + valueBytes : 0);
    }

    /// <summary>Returns the number of bytes that the base64 at the reader stands for.</summary>
    private static int Measure(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> text = reader.ValueSpan;
        int padding = text.Length - text.TrimEnd((byte)'=').Length;
        return (text.Length / 4 * 3) - padding;
    }

    /// <summary>Moves to the next property of an object, or to its end.</summary>
    private static bool HasProperty(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType is JsonTokenType.PropertyName;

    /// <summary>Moves to the next item of a list, or to its end.</summary>
    private static bool HasItem(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType is not JsonTokenType.EndArray;

    /// <summary>
    /// Moves to the value if the property has this name, in any case and with any underscores. Returns whether there
    /// is a value.
    /// </summary>
    private static bool Enters(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        int at = 0;
        foreach (byte b in reader.ValueSpan)
        {
            if (b == '_')
                continue;
            if (at == name.Length || (b | 0x20) != name[at])
                return false;
            at++;
        }
        return at == name.Length && reader.Read() && reader.TokenType is not JsonTokenType.Null;
    }
}
