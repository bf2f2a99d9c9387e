namespace EtcdMaint.Engine.Membership;

/// <summary>The settings with which a member was started.</summary>
/// <param name="All">The visible settings.</param>
/// <param name="Hidden">Why there may be others, as the rest of a sentence; null if all are visible.</param>
internal sealed record MemberSettings(IReadOnlyList<MemberSetting> All, string? Hidden)
{
    private const string Prefix = "ETCD_";

    /// <summary>Returns the flag of a variable, or null if the variable is not one of etcd.</summary>
    public static string? FlagOf(string variable) =>
        variable.StartsWith(Prefix, StringComparison.Ordinal)
            ? variable[Prefix.Length..].ToLowerInvariant().Replace('_', '-')
            : null;
}

/// <param name="Flag">The name of the flag, without dashes, also for a variable and a line of a config file.</param>
/// <param name="Value">The value, or null if it is not visible.</param>
internal sealed record MemberSetting(string Flag, string? Value, SettingOrigin Origin)
{
    /// <summary>The setting as the user wrote it, without its value.</summary>
    public string Written =>
        Origin switch
        {
            SettingOrigin.Variable => $"ETCD_{Flag.ToUpperInvariant().Replace('-', '_')}",
            SettingOrigin.ConfigFile => $"{Flag} in its config file",
            _ => $"--{Flag}",
        };
}

/// <summary>Where a setting comes from.</summary>
internal enum SettingOrigin
{
    /// <summary>The command line. etcd does not start with a flag that it does not know.</summary>
    CommandLine,

    /// <summary>The environment. etcd ignores a variable that it does not know.</summary>
    Variable,

    /// <summary>The config file. etcd ignores a line that it does not know.</summary>
    ConfigFile,
}
