namespace EtcdMaint.Engine.Membership;

/// <summary>
/// The order of members in a table: by name, with numbers by their value, so that etcd-10 comes after etcd-9.
/// </summary>
internal sealed class NameOrder : IComparer<string>
{
    public static NameOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x;
        ReadOnlySpan<char> right = y;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            ReadOnlySpan<char> a = TakePart(ref left);
            ReadOnlySpan<char> b = TakePart(ref right);
            int order =
                char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0])
                    ? CompareNumbers(a.TrimStart('0'), b.TrimStart('0'))
                    : a.CompareTo(b, StringComparison.OrdinalIgnoreCase);
            if (order != 0)
                return order;
        }
        int rest = left.Length - right.Length;
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);

    /// <summary>Removes the first digits, or the first other characters, from the text.</summary>
    private static ReadOnlySpan<char> TakePart(ref ReadOnlySpan<char> text)
    {
        bool isNumber = char.IsAsciiDigit(text[0]);
        int length = 1;
        while (length < text.Length && char.IsAsciiDigit(text[length]) == isNumber)
            length++;
        ReadOnlySpan<char> part = text[..length];
        text = text[length..];
        return part;
    }
}
