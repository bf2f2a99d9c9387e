using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>The members chosen by <c>-MemberName</c> and <c>-MemberId</c>; all when neither was given.</summary>
internal sealed class MemberChoice
{
    private readonly string[] _names;

    private readonly ulong[] _ids;

    private readonly WildcardPattern[] _patterns;

    /// <exception cref="EtcdException">An ID is not one (<c>MalformedMemberId</c>).</exception>
    public MemberChoice(string[]? names, string[]? ids)
    {
        _names = PlainText.Of([.. Given(names)]); // as the records have them
        _patterns = [.. _names.Select(ToPattern)];
        _ids = [.. Given(ids).Select(ParseId)];
    }

    public bool TakesAll => _names.Length == 0 && _ids.Length == 0;

    public bool Matches(EtcdMember member) =>
        TakesAll || _ids.Contains(member.Id) || IsNamed(member.MemberName);

    /// <summary>An error for each name without wildcards, and each ID, that no member has.</summary>
    public IEnumerable<EtcdException> NotFoundAmong(IReadOnlyCollection<EtcdMember> members)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            WildcardPattern pattern = _patterns[i];
            if (!WildcardPattern.ContainsWildcardCharacters(_names[i]) && !members.Any(m => pattern.IsMatch(m.MemberName)))
                yield return InputErrors.MemberNotFound(_names[i], "name");
        }

        foreach (ulong id in _ids)
        {
            if (members.All(member => member.Id != id))
                yield return InputErrors.MemberNotFound(HexId.Format(id), "ID");
        }
    }

    /// <summary>A name that was read from a member chooses it, also when the name holds the characters of a pattern.</summary>
    private bool IsNamed(string member) =>
        _names.Contains(member, StringComparer.OrdinalIgnoreCase) || _patterns.Any(pattern => pattern.IsMatch(member));

    private static WildcardPattern ToPattern(string name)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        try
        {
            pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException)
        {
            return new WildcardPattern(WildcardPattern.Escape(name), WildcardOptions.IgnoreCase); // such as a[b, a name and no pattern
        }
    }

    private static IEnumerable<string> Given(string[]? values) => (values ?? []).Where(value => !string.IsNullOrWhiteSpace(value));

    private static ulong ParseId(string text) =>
        HexId.TryParse(text, out ulong id) ? id : throw InputErrors.MalformedMemberId(text);
}
