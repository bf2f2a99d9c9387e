using System.Reflection;
using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Errors;

/// <summary>
/// The IDs of errors, findings and gates, as the module defines them and as docs/errors.md explains them.
/// </summary>
internal static partial class ErrorIds
{
    private static readonly Assembly Contracts = Assembly.LoadFrom(
        Path.Combine(Path.GetDirectoryName(Repository.Manifest)!, "EtcdMaint.Abstractions.dll")
    );

    public static IReadOnlySet<string> InModule { get; } =
        Defined("EtcdMaint.ErrorIds")
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetValue(null)!)
            .Concat(Enum.GetNames(Defined("EtcdMaint.GateId")))
            .ToHashSet();

    public static IReadOnlySet<string> OnPage { get; } =
        PageRow().Matches(Repository.Read("docs/errors.md")).Select(m => m.Groups[1].Value).ToHashSet();

    private static Type Defined(string name) => Contracts.GetType(name, throwOnError: true)!;

    [GeneratedRegex(@"^\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex PageRow();
}
