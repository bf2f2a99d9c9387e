using System.Text.RegularExpressions;
using EtcdMaint.Package.Tests.Shells;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>docs/exit-codes.md: the line that combines the codes of several clusters, and who uses it.</summary>
public sealed partial class ExitCodeTests
{
    [Fact]
    public async Task A_failure_takes_precedence_over_a_run_to_repeat()
    {
        string line = Combination().Match(Repository.Read("docs/exit-codes.md")).Groups[1].Value;
        string[] cases = ["", "0", "0, 0", "2", "2, 0", "1, 2, 0", "2, 1"];
        string script = string.Join(
            "; ",
            cases.Select(codes =>
                $"$reports = @({codes}) | ForEach-Object {{ [pscustomobject]@{{ ExitCode = $_ }} }}; [int]({line})"
            )
        );
        ShellResult result = await Pwsh.RunAsync(script);
        result.MustHaveSucceeded();
        Assert.Equal("0 0 0 2 2 1 1", string.Join(' ', result.Output.Split('\n').Where(code => code.Length > 0)));
    }

    [Fact]
    public async Task The_line_ends_a_script_with_the_code()
    {
        string line = Combination().Match(Repository.Read("docs/exit-codes.md")).Value;
        ShellResult result = await Pwsh.RunAsync($"$reports = [pscustomobject]@{{ ExitCode = 2 }}; {line}");
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public void Every_script_that_ends_with_exit_combines_codes_in_this_way()
    {
        string line = Combination().Match(Repository.Read("docs/exit-codes.md")).Groups[1].Value;
        (string File, string End)[] scripts =
        [
            .. Directory
                .GetFiles(Repository.File("samples"), "*.ps1", SearchOption.AllDirectories)
                .Select(file => (Path.GetFileName(file), File.ReadLines(file).Last(text => text.Length > 0)))
                .Where(script => script.Item2.StartsWith("exit", StringComparison.Ordinal))
                .OrderBy(script => script.Item1, StringComparer.Ordinal),
        ];
        Assert.Equal(
            ["Send-EtcdMaintenanceReport.ps1", "maintain-fleet.ps1", "maintain.ps1"],
            scripts.Select(script => script.File)
        );
        Assert.All(scripts, script => Assert.Contains(line, script.End, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^exit (\(@\(\$reports.+)$", RegexOptions.Multiline)]
    private static partial Regex Combination();
}
