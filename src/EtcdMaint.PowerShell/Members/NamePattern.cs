using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A name that a user gave, with or without wildcards. It always matches the very same name too: a name that was read
/// from a member may hold the characters of a pattern, or be no valid pattern, such as <c>a[b</c>.
/// </summary>
internal sealed class NamePattern
{
    private readonly string _name;

    private readonly WildcardPattern _pattern;

    public NamePattern(string name)
    {
        _name = PlainText.Of(name); // as the records have it
        (_pattern, HasWildcards) = Parse(_name);
    }

    /// <summary>Whether it may mean several names, or none.</summary>
    public bool HasWildcards { get; }

    public bool Matches(string name) =>
        string.Equals(_name, name, StringComparison.OrdinalIgnoreCase) || _pattern.IsMatch(name);

    public override string ToString() => _name;

    private static (WildcardPattern Pattern, bool HasWildcards) Parse(string name)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        try
        {
            pattern.IsMatch("");
            return (pattern, WildcardPattern.ContainsWildcardCharacters(name));
        }
        catch (WildcardPatternException)
        {
            return (new WildcardPattern(WildcardPattern.Escape(name), WildcardOptions.IgnoreCase), false);
        }
    }
}
