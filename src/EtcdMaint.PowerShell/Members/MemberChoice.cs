namespace EtcdMaint.Cmdlets;

/// <summary>
/// The members that <c>-MemberName</c> and <c>-MemberId</c> select, or all members if neither was specified.
/// </summary>
internal sealed class MemberChoice
{
    private readonly NamePattern[] _names;

    private readonly ulong[] _ids;

    /// <exception cref="EtcdException">An ID is invalid (<c>MalformedMemberId</c>).</exception>
    public MemberChoice(string[]? names, string[]? ids)
    {
        _names = [.. Given(names).Select(name => new NamePattern(name))];
        _ids = [.. Given(ids).Select(ParseId)];
    }

    public bool TakesAll => _names.Length == 0 && _ids.Length == 0;

    public bool Matches(EtcdMember member) =>
        TakesAll || _ids.Contains(member.Id) || _names.Any(name => name.Matches(member.MemberName));

    /// <summary>Returns an error for each ID, and each name without wildcards, that no member has.</summary>
    public IEnumerable<EtcdException> NotFoundAmong(IReadOnlyCollection<EtcdMember> members)
    {
        foreach (NamePattern name in _names)
        {
            if (!name.HasWildcards && !members.Any(member => name.Matches(member.MemberName)))
                yield return InputErrors.MemberNotFound(name.ToString(), "name", members);
        }

        foreach (ulong id in _ids)
        {
            if (members.All(member => member.Id != id))
                yield return InputErrors.MemberNotFound(HexId.Format(id), "ID", members);
        }
    }

    private static IEnumerable<string> Given(string[]? values) =>
        (values ?? []).Where(value => !string.IsNullOrWhiteSpace(value));

    private static ulong ParseId(string text) =>
        HexId.TryParse(text, out ulong id) ? id : throw InputErrors.MalformedMemberId(text);
}
