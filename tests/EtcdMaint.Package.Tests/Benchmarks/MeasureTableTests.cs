using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Benchmarks;

/// <summary>docs/architecture.md names the file of every measure.</summary>
public sealed partial class MeasureTableTests
{
    [Fact]
    public void The_table_names_every_measure_with_its_file()
    {
        (string Name, string File)[] measures =
        [
            .. Directory
                .GetFiles(Repository.File("benchmarks/Measures"), "*.cs")
                .SelectMany(path =>
                    MeasureName()
                        .Matches(File.ReadAllText(path))
                        .Select(name => (name.Groups[1].Value, Path.GetFileName(path)))
                ),
        ];
        Assert.NotEmpty(measures);
        Assert.Equal(
            measures.Order(),
            TableRow()
                .Matches(Repository.Read("docs/architecture.md"))
                .Select(row => (row.Groups[1].Value, row.Groups[2].Value))
                .Order()
        );
    }

    [GeneratedRegex("""public string Name => "([\w-]+)";""")]
    private static partial Regex MeasureName();

    /// <summary>A measure with the file of its class; other files can follow.</summary>
    [GeneratedRegex(@"^\| `([\w-]+)` \| `(\w+\.cs)`", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
