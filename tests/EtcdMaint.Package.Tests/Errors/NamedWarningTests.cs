using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Errors;

/// <summary>docs/design/failures.md names the file of every named warning, and docs/errors.md explains it.</summary>
public sealed partial class NamedWarningTests
{
    /// <summary>The warnings in the table, each with the files that it names.</summary>
    private static readonly Dictionary<string, string[]> Table = TableRow()
        .Matches(Repository.Read("docs/design/failures.md"))
        .ToDictionary(
            row => row.Groups[1].Value,
            row => FileName().Matches(row.Groups[2].Value).Select(file => file.Value).ToArray()
        );

    [Fact]
    public void Every_named_warning_of_the_source_is_in_the_table()
    {
        (string Name, string File)[] written = [.. Written()];
        Assert.Contains(("LockIncomplete", "EtcdMaint.Engine/Safety/Locks/RunLock.cs"), written);
        Assert.Empty(written.Except(Table.SelectMany(row => row.Value.Select(file => (row.Key, file)))));
    }

    [Fact]
    public void Each_file_in_the_table_writes_the_warning()
    {
        Assert.NotEmpty(Table);
        Assert.Empty(
            Table.SelectMany(row =>
                row.Value.Where(file =>
                    !File.Exists(Repository.File($"src/{file}"))
                    || !Repository.Read($"src/{file}").Contains($"\"{row.Key}: ", StringComparison.Ordinal)
                )
            )
        );
    }

    [Fact]
    public void The_error_page_explains_every_named_warning()
    {
        string page = Repository.Read("docs/errors.md").Split("\n## Warnings\n")[1];
        Assert.DoesNotContain(Table.Keys, name => !page.Contains($"- `{name}`: ", StringComparison.Ordinal));
    }

    private static IEnumerable<(string Name, string File)> Written() =>
        Directory
            .GetFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.File("src"), path).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file =>
                Warning().Matches(Repository.Read($"src/{file}")).Select(warning => (warning.Groups[1].Value, file))
            );

    /// <summary>The beginning of a text in the call of an observer, of a callback, or of the host.</summary>
    [GeneratedRegex("""\b[Ww]arn(?:OnHost|\?\.Invoke)?\(\s*(?:string\.Create\(\s*[\w.]+,\s*)?\$?"([A-Z]\w+): """)]
    private static partial Regex Warning();

    [GeneratedRegex(@"^\| `(\w+)` \| (`[^|]+\.cs`) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"[\w./]+\.cs\b")]
    private static partial Regex FileName();
}
