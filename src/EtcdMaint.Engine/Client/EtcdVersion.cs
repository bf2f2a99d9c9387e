namespace EtcdMaint.Engine.Client;

/// <summary>Reads the version that a member reports.</summary>
internal static class EtcdVersion
{
    private static readonly string[] PreReleases = ["alpha", "beta", "pre", "rc"];

    /// <summary>
    /// Returns null if the text is not a version. The name of a build is omitted. A pre-release of a minor release has
    /// no patch number, so that it is lower than the release.
    /// </summary>
    public static Version? Parse(string? text)
    {
        string[] parts = (text ?? "").Split('-', '+');
        return !Version.TryParse(parts[0], out Version? version) ? null
            : version.Build == 0 && parts.Length > 1 && IsPreRelease(parts[1]) ? MinorOf(version)
            : version;
    }

    /// <summary>The minor release.</summary>
    public static Version MinorOf(Version version) => new(version.Major, version.Minor);

    private static bool IsPreRelease(string suffix) =>
        Array.Exists(PreReleases, name => suffix.StartsWith(name, StringComparison.Ordinal));
}
