using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The table of docs/exit-codes.md.</summary>
internal static partial class ExitCodeTable
{
    /// <summary>Each code, and whether an engine can retry after it.</summary>
    public static IReadOnlyDictionary<string, bool> CanRetry { get; } =
        Row()
            .Matches(Repository.Read("docs/exit-codes.md"))
            .ToDictionary(
                row => row.Groups["code"].Value,
                row => row.Groups["action"].Value.StartsWith("Retry.", StringComparison.Ordinal)
            );

    [GeneratedRegex(@"^\| (?<code>\d+) \|[^|]*\| (?<action>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
