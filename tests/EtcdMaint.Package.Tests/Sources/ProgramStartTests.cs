using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Sources;

/// <summary>
/// Only <c>ChildProcess</c> starts programs, so that every program is found on PATH and never in the current folder.
/// </summary>
public sealed partial class ProgramStartTests
{
    private const string Mechanism = "ChildProcess.cs";

    [Fact]
    public void Only_ChildProcess_starts_programs()
    {
        string[] others =
        [
            .. Sources()
                .Where(file => Path.GetFileName(file) != Mechanism && Start().IsMatch(File.ReadAllText(file)))
                .Select(Path.GetFileName)!,
        ];
        Assert.Empty(others);
    }

    [Fact]
    public void The_search_finds_a_program_start() =>
        Assert.Matches(Start(), File.ReadAllText(Sources().Single(file => Path.GetFileName(file) == Mechanism)));

    private static IEnumerable<string> Sources() =>
        Directory
            .GetFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex(@"\bProcess\.Start\(|new Process\b|new ProcessStartInfo|ProcessStartInfo \w+ = new")]
    private static partial Regex Start();
}
