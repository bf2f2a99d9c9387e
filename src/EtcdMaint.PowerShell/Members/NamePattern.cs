using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A name from the user, with or without wildcards. It always matches the identical name too, because the name of a
/// member can contain wildcard characters or be an invalid pattern, such as <c>a[b</c>.
/// </summary>
internal sealed class NamePattern
{
    private readonly string _name;

    private readonly WildcardPattern _pattern;

    public NamePattern(string name)
    {
        _name = PlainText.Of(name); // in the same form as in the records
        (_pattern, HasWildcards) = Parse(_name);
    }

    /// <summary>Whether the name can match several members, or none.</summary>
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
