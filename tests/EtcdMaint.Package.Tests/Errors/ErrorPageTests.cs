using System.Text.RegularExpressions;
using EtcdMaint.Package.Tests.Help;

namespace EtcdMaint.Package.Tests.Errors;

/// <summary>docs/errors.md names every error of the module, and no other.</summary>
public sealed partial class ErrorPageTests
{
    [Fact]
    public void The_error_IDs_are_read_from_the_module() =>
        Assert.Superset(
            new HashSet<string> { "NoConnection", "NoQuorum", "EndpointRefused", "NoEndpointAnswered", "Fragmented" },
            ErrorIds.InModule.ToHashSet()
        );

    [Fact]
    public void Every_error_is_on_the_page()
    {
        string[] missing = [.. ErrorIds.InModule.Except(ErrorIds.OnPage).Order(StringComparer.Ordinal)];
        Assert.True(missing.Length == 0, $"docs/errors.md lacks {string.Join(", ", missing)}.");
    }

    [Fact]
    public void The_page_names_no_removed_error() => Assert.Empty(ErrorIds.OnPage.Except(ErrorIds.InModule));

    [Fact]
    public void Help_names_only_existing_errors()
    {
        string[] wrong =
        [
            .. MamlHelp.All.SelectMany(help =>
                NotesLine()
                    .Matches(help.Notes)
                    .SelectMany(m => m.Groups[1].Value.Split(", "))
                    .Where(id => !ErrorIds.InModule.Contains(id))
                    .Select(id => $"{help.Name}: {id}")
            ),
        ];
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"^- ((?:[A-Z]\w+)(?:, [A-Z]\w+)*)(?: and the like)?:", RegexOptions.Multiline)]
    private static partial Regex NotesLine();
}
