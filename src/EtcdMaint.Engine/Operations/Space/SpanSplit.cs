using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Divides a span of keys around its first key. etcd answers for the first key of a span only after it has walked
/// through the index of the whole span, so the way to the next key leads over spans that end close behind it: they
/// cover together what follows, and the walk through an empty one costs nothing.
/// </summary>
internal static class SpanSplit
{
    /// <summary>
    /// The characters of names in Kubernetes, at which a large span is divided. Other characters fall into the spans
    /// between them.
    /// </summary>
    private const string Alphabet = "-./0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Returns the spans that cover what follows a group or key, in ascending order.</summary>
    /// <param name="own">The prefix of the group, or the key.</param>
    /// <param name="start">Where the rest begins.</param>
    /// <param name="to">Where the rest ends.</param>
    /// <param name="isLarge">Whether the part that probably has most of the keys is divided by its characters.</param>
    public static IEnumerable<KeySpan> Rest(string own, string start, string to, bool isLarge)
    {
        int common = Common(own, to);
        string from = start;
        for (int length = own.Length; length >= common; length--)
        {
            string end = Earlier(KeySpan.After(own[..length]), to);
            if (!IsBefore(from, end))
                continue;
            if (isLarge && length == common)
                foreach (KeySpan part in Parts(own[..length], from, end))
                    yield return part;
            else
                yield return new KeySpan(from, end, 1);
            from = end;
        }
    }

    /// <summary>Divides a span by the first character in which its keys can differ.</summary>
    /// <param name="first">The first key, or where the span begins.</param>
    /// <param name="to">Where the span ends.</param>
    public static IEnumerable<KeySpan> ByCharacter(string first, string to) =>
        Parts(first[..Common(first, to)], first, to);

    /// <summary>Returns how many characters all keys from this key up to the end begin with.</summary>
    private static int Common(string key, string to)
    {
        int length = key.Length;
        while (length > 0 && IsEarlier(KeySpan.After(key[..length]), to))
            length--;
        return length;
    }

    private static IEnumerable<KeySpan> Parts(string prefix, string from, string to)
    {
        foreach (char letter in Alphabet)
        {
            string begin = prefix + letter;
            if (!IsBefore(begin, to))
                break;
            if (IsBefore(from, begin))
            {
                yield return new KeySpan(from, begin, 1);
                from = begin;
            }
            string end = Earlier(KeySpan.After(begin), to);
            if (IsBefore(from, end))
            {
                yield return new KeySpan(from, end, 1);
                from = end;
            }
        }
        if (IsBefore(from, to))
            yield return new KeySpan(from, to, 1);
    }

    /// <summary>
    /// Whether keys can lie from a key to an end. The first possible key is written as the endless end.
    /// </summary>
    private static bool IsBefore(string from, string end) =>
        end == KeySpan.Endless ? from != KeySpan.Endless : string.CompareOrdinal(from, end) < 0;

    /// <summary>Whether an end is before another one.</summary>
    private static bool IsEarlier(string a, string b) =>
        a != KeySpan.Endless && (b == KeySpan.Endless || string.CompareOrdinal(a, b) < 0);

    public static string Later(string a, string b) => string.CompareOrdinal(a, b) < 0 ? b : a;

    public static string Earlier(string a, string b) => IsEarlier(a, b) ? a : b;
}
