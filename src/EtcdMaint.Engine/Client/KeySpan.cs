using System.Text;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// The keys from one key, included, up to another one, excluded. A key is a string with one character for each byte,
/// so that every key can be represented, and ordinal comparison of strings is the order of etcd.
/// </summary>
/// <param name="From">The first key.</param>
/// <param name="To">The end, or <see cref="Endless"/>.</param>
/// <param name="Limit">How many keys of the span to return; 0 only counts them.</param>
/// <param name="WithValues">Whether the values of the returned keys are measured too.</param>
internal readonly record struct KeySpan(string From, string To, int Limit = 0, bool WithValues = false)
{
    /// <summary>The end of a span that has no end, as etcd writes it.</summary>
    public const string Endless = "\0";

    /// <summary>All keys. etcd allows no empty key.</summary>
    public static KeySpan All => new("\0", Endless);

    public static KeySpan OfPrefix(string prefix) => prefix.Length == 0 ? All : new KeySpan(prefix, After(prefix));

    public bool IsEmpty => To != Endless && string.CompareOrdinal(From, To) >= 0;

    /// <summary>Returns the first key that does not begin with the prefix, and follows all keys that do.</summary>
    public static string After(string prefix)
    {
        int last = prefix.Length - 1;
        while (last >= 0 && prefix[last] == 0xFF)
            last--;
        return last < 0 ? Endless : string.Concat(prefix.AsSpan(0, last), [(char)(prefix[last] + 1)]);
    }

    public bool Contains(string key) =>
        string.CompareOrdinal(key, From) >= 0 && (To == Endless || string.CompareOrdinal(key, To) < 0);

    /// <summary>Returns a key or prefix as the user writes it, as etcd stores it.</summary>
    public static string Key(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns a key as the user writes it.</summary>
    public static string Text(string key) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(key));
}

/// <summary>A key, and the bytes that it takes with its value if the value was measured.</summary>
internal readonly record struct KeySize(string Key, int Bytes);

/// <param name="Count">The number of keys in the span, regardless of the limit.</param>
/// <param name="Keys">The first keys.</param>
internal sealed record KeySpanReply(long Count, IReadOnlyList<KeySize> Keys);

/// <param name="Spans">A reply for each span, in their order.</param>
internal sealed record KeySpansReply(ReplyHeader Header, IReadOnlyList<KeySpanReply> Spans);

/// <summary>A write of a key.</summary>
/// <param name="Bytes">The bytes of the key and its value; those of the key alone if it was deleted.</param>
internal readonly record struct KeyWrite(string Key, int Bytes);
