using System.Text.RegularExpressions;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Detects that etcdctl did nothing because of a variable in its environment, and finds the variable. Observed on
/// 3.4.23, 3.5.16 and 3.5.30.
/// </summary>
internal static partial class EtcdctlRefusal
{
    private const string Shadowed = "is shadowed by corresponding command-line flag";

    /// <summary>
    /// The errors of 3.4 and 3.5 with ETCDCTL_API=2, which has neither these commands nor these flags, and with any
    /// other number.
    /// </summary>
    private static readonly string[] OtherApi =
    [
        "No help topic for '",
        "flag provided but not defined",
        "unsupported API version",
    ];

    /// <summary>Returns null if etcdctl ended for another reason.</summary>
    public static string? FindVariable(CommandOutput output)
    {
        if (output.ExitCode == 0)
            return null;
        foreach (string line in output.Errors.Split('\n'))
            if (line.Contains(Shadowed, StringComparison.Ordinal) && Name().Match(line) is { Success: true } name)
                return name.Value;
        return OtherApi.Any(output.Errors.Contains) || OtherApi.Any(output.Output.Contains)
            ? EtcdctlVariables.Api
            : null;
    }

    [GeneratedRegex("ETCDCTL_[A-Z0-9_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
