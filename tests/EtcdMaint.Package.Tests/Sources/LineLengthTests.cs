namespace EtcdMaint.Package.Tests.Sources;

/// <summary>
/// The formatter wraps code, but not comments and strings. Tests are left out, because their data can be longer.
/// </summary>
public sealed class LineLengthTests
{
    private const int MostColumns = 120;

    [Fact]
    public void Lines_have_at_most_120_columns() =>
        Assert.Equal(
            [],
            new[] { "src", "benchmarks", "samples", "tools" }
                .SelectMany(folder => Directory.GetFiles(Repository.File(folder), "*.cs", SearchOption.AllDirectories))
                .Where(file => !file.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal))
                .SelectMany(file =>
                    File.ReadLines(file)
                        .Index()
                        .Where(line => line.Item.Length > MostColumns)
                        .Select(line => $"{file}:{line.Index + 1}")
                )
        );
}
