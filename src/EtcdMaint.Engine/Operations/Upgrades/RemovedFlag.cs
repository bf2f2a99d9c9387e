using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>A flag that a minor release of etcd no longer knows, or a value of it that is no longer accepted.</summary>
/// <param name="RemovedIn">The first minor release without it.</param>
/// <param name="Flag">The name, without dashes.</param>
/// <param name="Replacement">What to write instead, or null if there is nothing.</param>
internal sealed record RemovedFlag(Version RemovedIn, string Flag, string? Replacement, string Source)
{
    /// <summary>The value that is no longer accepted, or null if the flag itself is gone.</summary>
    public string? Value { get; init; }

    /// <summary>
    /// Whether a config file with the value prevents the start, and not only the flag and its variable.
    /// </summary>
    public bool IsCheckedInFile { get; init; }

    /// <summary>Whether the setting of a member does not work in the release.</summary>
    public bool Matches(MemberSetting setting) => setting.Flag == Flag && (Value is null || setting.Value == Value);

    /// <summary>Whether the setting may not work in the release, depending on a value that is not visible.</summary>
    public bool MayMatch(MemberSetting setting) => setting.Flag == Flag && Value is not null && setting.Value is null;

    /// <summary>What to do, as a sentence.</summary>
    public string Action => Replacement is null ? "Remove it." : $"Replace it with {Replacement}.";
}
