namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Finds prefixes of API servers that are not among the known ones, while the keys pass in any order.
/// </summary>
internal sealed class RootSigns(KeyLayout layout)
{
    private readonly string? _first = layout.FirstSegment is { } first && layout.RootOf(first) is null ? first : null;

    /// <summary>One bit for each sign that was found below a prefix.</summary>
    private readonly Dictionary<string, int> _found = new(StringComparer.Ordinal);

    /// <summary>The prefixes below which every sign was found.</summary>
    public IReadOnlyList<string> Roots
    {
        get
        {
            string[] complete =
            [
                .. _found.Where(f => f.Value == (1 << KeyLayout.SignsOfRoot.Count) - 1).Select(f => f.Key),
            ];
            // What is below the prefix of one API server is its resource.
            return _first is not null && complete.Contains(_first) ? [_first] : complete;
        }
    }

    /// <summary>Adds a key that exists, which may be outside the prefix that the user specified.</summary>
    public void Add(string key)
    {
        if (_first is not null)
            AddBelow(_first, key);
        if (
            key.StartsWith(layout.Base, StringComparison.Ordinal)
            && layout.RootOf(key) is null
            && layout.PrefixAt(key, 1) is { } prefix
            && prefix != _first
        )
            AddBelow(prefix, key);
    }

    private void AddBelow(string prefix, string key)
    {
        if (!key.StartsWith(prefix, StringComparison.Ordinal))
            return;
        ReadOnlySpan<char> rest = key.AsSpan(prefix.Length);
        for (int sign = 0; sign < KeyLayout.SignsOfRoot.Count; sign++)
            if (rest.StartsWith(KeyLayout.SignsOfRoot[sign], StringComparison.Ordinal))
                _found[prefix] = _found.GetValueOrDefault(prefix) | (1 << sign);
    }
}
