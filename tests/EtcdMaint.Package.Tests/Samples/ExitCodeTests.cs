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
    public void The_script_of_the_CronJob_combines_codes_in_this_way() =>
        Assert.Contains(
            Combination().Match(Repository.Read("docs/exit-codes.md")).Groups[1].Value,
            Repository.Read("samples/kubernetes/maintain.ps1"),
            StringComparison.Ordinal
        );

    [GeneratedRegex(@"^exit (\(@\(\$reports.+)$", RegexOptions.Multiline)]
    private static partial Regex Combination();
}
