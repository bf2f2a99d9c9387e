using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Errors;

/// <summary>
/// The IDs of errors and findings as the sources have them. Any text of several capitalised words could be one, so each
/// that is none must be named here.
/// </summary>
internal static partial class ErrorIds
{
    private static readonly HashSet<string> NoIds =
    [
        "ClusterId", "ConfigFile", "DidCompact", "ExitCode", "FailureTexts", "InputObject", "MayPass", "MemberId",
        "NotTimeValid", "OverriddenBy", "QuorumFailure", "RemoteCertificateNameMismatch", "TimeoutSec", "WhatIf",
        "WhatIfPreference", "IfAvailable", "IsOver", "OpenShift", "ExecCredential", "FileSystem", "EtcdMaint",
    ];

    /// <summary>What stands behind the dash of a cmdlet's name.</summary>
    private static readonly HashSet<string> Nouns =
        [.. Directory.GetFiles(Repository.File("docs/cmdlets"), "*.md").Select(page => Path.GetFileNameWithoutExtension(page).Split('-')[1])];

    public static IReadOnlySet<string> InSources { get; } = Directory
        .GetFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal))
        .SelectMany(file => Find(WithoutComments(File.ReadAllText(file))))
        .ToHashSet();

    public static IReadOnlySet<string> OnPage { get; } = PageRow().Matches(Repository.Read("docs/errors.md"))
        .Select(m => m.Groups[1].Value)
        .ToHashSet();

    private static IEnumerable<string> Find(string source) => SeveralWords().Matches(source).Select(m => m.Groups[1].Value)
        .Where(word => !NoIds.Contains(word) && !Nouns.Contains(word) && !word.EndsWith("Exception", StringComparison.Ordinal))
        .Concat(BeforeSeverity().Matches(source).Select(m => m.Groups[1].Value));

    private static string WithoutComments(string source) => Comment().Replace(source, "");

    [GeneratedRegex("\"([A-Z][a-z]+(?:[A-Z][a-z0-9]*)+)\"")]
    private static partial Regex SeveralWords();

    /// <summary>IDs of one word are found by what follows them.</summary>
    [GeneratedRegex("\"([A-Z][a-z]+)\",\\s*(?:EtcdErrorCategory\\.\\w+|Information|Warning|Error)\\b")]
    private static partial Regex BeforeSeverity();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex PageRow();
}
