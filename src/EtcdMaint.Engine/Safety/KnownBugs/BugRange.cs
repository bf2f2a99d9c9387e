namespace EtcdMaint.Engine.Safety.KnownBugs;

/// <summary>
/// The releases of one minor that have a bug: from the first one up to the one with the fix, or all later patch
/// releases if the minor never got the fix.
/// </summary>
internal sealed class BugRange(string first, string? fixedIn = null)
{
    public Version First { get; } = Version.Parse(first);

    /// <summary>The first release without the bug, or null if the minor has none.</summary>
    public Version? FixedIn { get; } = fixedIn is null ? null : Version.Parse(fixedIn);

    /// <summary>A pre-release, which has no patch number, has the bugs of the first release.</summary>
    public bool Contains(Version version) =>
        version.Major == First.Major
        && version.Minor == First.Minor
        && Math.Max(version.Build, 0) >= First.Build
        && (FixedIn is null || version < FixedIn);

    public override string ToString() =>
        FixedIn is not { } end ? $"{First} and later 3.{First.Minor}"
        : end.Build - First.Build == 1 ? $"{First}"
        : $"{First} to {end.Major}.{end.Minor}.{end.Build - 1}";
}
