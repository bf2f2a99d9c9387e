namespace EtcdMaint.Cmdlets;

/// <summary>The members chosen by <c>-MemberName</c> and <c>-MemberId</c>; all when neither was given.</summary>
internal sealed class MemberChoice
{
    private readonly NamePattern[] _names;

    private readonly ulong[] _ids;

    /// <exception cref="EtcdException">An ID is not one (<c>MalformedMemberId</c>).</exception>
    public MemberChoice(string[]? names, string[]? ids)
    {
        _names = [.. Given(names).Select(name => new NamePattern(name))];
        _ids = [.. Given(ids).Select(ParseId)];
    }

    public bool TakesAll => _names.Length == 0 && _ids.Length == 0;

    public bool Matches(EtcdMember member) =>
        TakesAll || _ids.Contains(member.Id) || _names.Any(name => name.Matches(member.MemberName));

    /// <summary>An error for each name without wildcards, and each ID, that no member has.</summary>
    public IEnumerable<EtcdException> NotFoundAmong(IReadOnlyCollection<EtcdMember> members)
    {
        foreach (NamePattern name in _names)
        {
            if (!name.HasWildcards && !members.Any(member => name.Matches(member.MemberName)))
                yield return InputErrors.MemberNotFound(name.ToString(), "name");
        }

        foreach (ulong id in _ids)
        {
            if (members.All(member => member.Id != id))
                yield return InputErrors.MemberNotFound(HexId.Format(id), "ID");
        }
    }

    private static IEnumerable<string> Given(string[]? values) =>
        (values ?? []).Where(value => !string.IsNullOrWhiteSpace(value));

    private static ulong ParseId(string text) =>
        HexId.TryParse(text, out ulong id) ? id : throw InputErrors.MalformedMemberId(text);
}
