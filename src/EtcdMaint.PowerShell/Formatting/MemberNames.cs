namespace EtcdMaint.Cmdlets;

/// <summary>
/// Shortens the names of the members of a cluster to a common width. What all names share is removed first, because
/// only the rest distinguishes the members: the common end, such as a domain, then the common beginning.
/// </summary>
public static class MemberNames
{
    private const string Boundaries = ".-_";

    /// <summary>Returns the name of the member, in at most this number of columns.</summary>
    public static string Fit(string name, IReadOnlyList<string> all, int room)
    {
        IReadOnlyList<string> names = all.Contains(name) ? all : [name];
        if (names.All(other => other.Length <= room))
            return name;
        int end = names.Count > 1 ? CommonEnd(names) : DomainOf(name);
        string[] bare = [.. names.Select(other => other[..^end])];
        string own = name[..^end];
        if (bare.All(other => other.Length <= room))
            return own;
        int start = names.Count > 1 ? CommonStart(bare) : 0;
        return Cut(start > 0 && own.Length > room ? $"…{own[start..]}" : own, room);
    }

    /// <summary>Returns the width that the names of the cluster need, at most the given one.</summary>
    public static int Width(string name, IReadOnlyList<string> all, int room) =>
        (all.Contains(name) ? all : [name]).Max(other => Fit(other, all, room).Length);

    /// <summary>
    /// Shortens the text in the middle, because the names in one cluster differ at the end, and an endpoint ends with
    /// its port.
    /// </summary>
    public static string Cut(string text, int room)
    {
        if (text.Length <= room)
            return text;
        int tail = room / 2;
        return $"{text[..(room - tail - 1)]}…{text[^tail..]}";
    }

    private static int DomainOf(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? name.Length - dot : 0;
    }

    /// <summary>Returns the length of the longest common end that begins at a boundary and leaves every name.</summary>
    private static int CommonEnd(IReadOnlyList<string> names)
    {
        string first = names[0];
        for (int i = 1; i < first.Length; i++)
        {
            string end = first[i..];
            if (
                Boundaries.Contains(end[0], StringComparison.Ordinal)
                && names.All(name => name.Length > end.Length && name.EndsWith(end, StringComparison.Ordinal))
            )
                return end.Length;
        }
        return 0;
    }

    /// <summary>
    /// Returns the length of the longest common beginning that ends at a boundary and leaves every name.
    /// </summary>
    private static int CommonStart(IReadOnlyList<string> names)
    {
        string first = names[0];
        for (int i = first.Length - 1; i > 0; i--)
        {
            string start = first[..i];
            if (
                Boundaries.Contains(start[^1], StringComparison.Ordinal)
                && names.All(name => name.Length > start.Length && name.StartsWith(start, StringComparison.Ordinal))
            )
                return start.Length;
        }
        return 0;
    }
}
