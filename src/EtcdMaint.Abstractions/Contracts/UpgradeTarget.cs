namespace EtcdMaint;

/// <summary>The release to which a cluster is to be upgraded: a minor release, or one patch release of it.</summary>
internal sealed record UpgradeTarget(Version Version)
{
    /// <summary>The releases whose flags and known bugs the module knows, the newest last.</summary>
    public static IReadOnlyList<string> Known { get; } = ["3.5", "3.6", "3.7"];

    /// <summary>The minor release.</summary>
    public Version Minor => new(Version.Major, Version.Minor);

    /// <summary>Whether a patch release was specified.</summary>
    public bool IsPatch => Version.Build >= 0;

    /// <exception cref="EtcdException">The text is not a release.</exception>
    public static UpgradeTarget Parse(string text)
    {
        string plain = text.Trim().TrimStart('v', 'V');
        return plain.Count(c => c == '.') is 1 or 2 && Version.TryParse(plain, out Version? version)
            ? new UpgradeTarget(version)
            : throw new EtcdException(
                ErrorIds.ReleaseMalformed,
                EtcdErrorCategory.InvalidArgument,
                $"'{text}' is not a release of etcd.",
                "Specify a minor release such as 3.6, or a patch release such as 3.6.14.",
                text
            );
    }

    /// <summary>
    /// Whether a member with this version needs no upgrade. A pre-release, which has no patch number, does.
    /// </summary>
    public bool IsReachedBy(Version version) => version.Build >= 0 && version >= Version && IsSameMinor(version);

    /// <summary>Whether the version belongs to this minor release.</summary>
    public bool IsSameMinor(Version version) => version.Major == Version.Major && version.Minor == Version.Minor;

    public override string ToString() => Version.ToString();
}
