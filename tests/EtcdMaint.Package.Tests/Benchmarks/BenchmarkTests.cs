using System.Reflection;
using System.Text.Json;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Benchmarks;

/// <summary>
/// Verifies that the benchmarks run and compare equal work. Figures measured next to other tests have no meaning.
/// </summary>
public sealed class BenchmarkTests
{
    /// <summary>The measures that take seconds; a whole short run takes more than a minute.</summary>
    private static readonly string[] Measures =
    [
        "first-call",
        "status",
        "pod-exec",
        "snapshot",
        "snapshot-proof",
        "reclaimed",
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Every_contender_has_a_row_for_the_same_work()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The benchmarks need Linux.");
        await SkipUnlessThereIsEtcdAsync();
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "benchmarks.json");
        await RunAsync("--short", "--only", string.Join(',', Measures), "--json", file);

        using JsonDocument report = JsonDocument.Parse(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)
        );
        JsonElement[] measures = [.. report.RootElement.GetProperty("measures").EnumerateArray()];
        Assert.Equal(Measures, measures.Select(m => m.GetProperty("measure").GetString()));
        Assert.All(measures, m => Assert.Null(m.GetProperty("failure").GetString()));
        Assert.All(measures, m => Assert.NotEmpty(m.GetProperty("cases").EnumerateArray()));
        Assert.All(
            measures
                .SelectMany(m => m.GetProperty("cases").EnumerateArray())
                .SelectMany(c => c.GetProperty("series").EnumerateArray()),
            series =>
            {
                Assert.NotEmpty(series.GetProperty("samples").EnumerateArray());
                Assert.Null(series.GetProperty("notCompared").GetString());
            }
        );
    }

    private static async Task RunAsync(params string[] arguments)
    {
        string program = typeof(BenchmarkTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(a => a.Key == "Benchmarks")
            .Value!;
        await ProgramRun.RunAsync("dotnet", [program, .. arguments], Limit);
    }

    private static async Task SkipUnlessThereIsEtcdAsync()
    {
        try
        {
            await EtcdReleases.DefaultAsync();
        }
        catch (InvalidOperationException missing)
        {
            Assert.Skip(missing.Message);
        }
    }
}
