namespace EtcdMaint.Engine.Client;

/// <summary>Reads the version that a member reports.</summary>
internal static class EtcdVersion
{
    /// <summary>
    /// Returns null if the text is not a version. The number of a build or of a release candidate is omitted.
    /// </summary>
    public static Version? Parse(string? text) =>
        Version.TryParse((text ?? "").Split('-', '+')[0], out Version? version) ? version : null;

    /// <summary>The minor release.</summary>
    public static Version MinorOf(Version version) => new(version.Major, version.Minor);
}
