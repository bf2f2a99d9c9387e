using System.Text.RegularExpressions;
using EtcdMaint.Package.Tests.Shells;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The lines for clusters in the output of maintain-fleet.ps1.</summary>
internal static partial class FleetOutput
{
    /// <returns>The name and the status of each cluster.</returns>
    public static string[] Clusters(this ShellResult result)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{result.ExitCode}: {result.Output}{result.Error}");
        return [.. Row().Matches(result.Output).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}")];
    }

    [GeneratedRegex(@"^([\w-]+) +([A-Z][A-Za-z]+) +\S", RegexOptions.Multiline)]
    private static partial Regex Row();
}
