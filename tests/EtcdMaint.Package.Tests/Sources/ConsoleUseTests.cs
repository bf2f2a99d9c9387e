using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Sources;

/// <summary>Nothing is written to the console directly: a host, a job or a redirection would not receive it.</summary>
public sealed partial class ConsoleUseTests
{
    [Fact]
    public void The_module_only_asks_whether_the_output_is_redirected() =>
        Assert.Equal(
            ["Console.IsOutputRedirected"],
            Directory
                .GetFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal))
                .SelectMany(File.ReadLines)
                .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                .SelectMany(line => ConsoleMember().Matches(line).Select(use => use.Value))
                .Distinct()
        );

    [GeneratedRegex(@"(?<![\w.])Console\.\w+")]
    private static partial Regex ConsoleMember();
}
