using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Help;

/// <summary>Help and cmdlets are consistent.</summary>
public sealed partial class HelpTests(HostedModule module) : IClassFixture<HostedModule>
{
    private const int FewestExamples = 2;

    [Fact]
    public void Every_exported_cmdlet_has_a_page_and_there_is_no_other_page()
    {
        string[] pages =
        [
            .. Directory
                .GetFiles(Repository.File("docs/cmdlets"), "*.md")
                .Select(f => Path.GetFileNameWithoutExtension(f)),
        ];
        string[] cmdlets = [.. module.Cmdlets.Select(c => c.Name)];

        Assert.Equal(cmdlets.Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
        Assert.Equal(
            cmdlets.Order(StringComparer.Ordinal),
            MamlHelp.All.Select(h => h.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_parameter_has_help_and_help_names_no_removed_parameter() =>
        Each(cmdlet =>
        {
            MamlHelp help = MamlHelp.Of(cmdlet.Name);
            string[] real = [.. HostedModule.Parameters(cmdlet).Select(p => p.Name)];

            return real.Except(help.Parameters.Keys)
                .Select(p => $"-{p} has no help: add '### -{p}' to its page")
                .Concat(help.Parameters.Keys.Except(real).Select(p => $"help names -{p}, which does not exist"))
                .Concat(
                    help.Parameters.Where(p => p.Value.Length < 20).Select(p => $"the help of -{p.Key} is too short")
                );
        });

    [Fact]
    public void Every_fact_block_matches_the_cmdlet() =>
        Each(cmdlet =>
        {
            IReadOnlyDictionary<string, string> written = HelpPageFacts.InPage(Page(cmdlet));
            return HostedModule
                .Parameters(cmdlet)
                .Select(p => (p.Name, Expected: HelpPageFacts.Expected(cmdlet, p)))
                .Where(p => written.TryGetValue(p.Name, out string? block) && block != p.Expected)
                .Select(p => $"the block of -{p.Name} must be:\n{p.Expected}\n");
        });

    [Fact]
    public void Every_syntax_matches_PowerShell() =>
        Each(cmdlet =>
        {
            string[] written =
            [
                .. SyntaxBlock()
                    .Matches(Page(cmdlet))
                    .Select(m =>
                        string.Join(' ', m.Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                    ),
            ];
            return cmdlet
                .ParameterSets.Select(set => $"{cmdlet.Name} {set}")
                .Where(syntax => !written.Contains(syntax))
                .Select(syntax => $"SYNTAX must contain:\n{syntax}\n");
        });

    [Fact]
    public void Every_cmdlet_has_a_synopsis_description_outputs_notes_and_two_examples() =>
        Each(cmdlet =>
        {
            MamlHelp help = MamlHelp.Of(cmdlet.Name);
            var missing = new List<string>();
            if (help.Synopsis.Length < 20)
                missing.Add("no synopsis");
            if (help.Description.Length < 100)
                missing.Add("no description");
            if (help.Notes.Length < 40)
                missing.Add("no notes");
            if (help.Examples.Count(e => e.Code.Length > 0 && e.Remarks.Length > 20) < FewestExamples)
                missing.Add("fewer than two examples");
            missing.AddRange(
                cmdlet
                    .OutputType.Select(t => t.Name)
                    .Where(t => !help.Outputs.Contains(t))
                    .Select(t => $"output {t} is not named")
            );
            return missing;
        });

    [Fact]
    public void Examples_use_only_existing_parameters() =>
        Each(cmdlet =>
            MamlHelp
                .Of(cmdlet.Name)
                .Examples.SelectMany(example =>
                    UnknownParameters(example.Code).Select(p => $"'{example.Title.Trim('-', ' ')}' uses {p}")
                )
        );

    [Theory]
    [InlineData("about_EtcdMaint")]
    [InlineData("about_EtcdMaint_Connections")]
    [InlineData("about_EtcdMaint_Safety")]
    public void About_topics_are_packaged_and_fit_the_screen(string topic)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Module, "en-US", $"{topic}.help.txt"));

        Assert.Equal(["TOPIC", $"    {topic}", "", "SHORT DESCRIPTION"], lines.Take(4));
        Assert.DoesNotContain(lines, line => line.Length > 80 || line.Contains('\t'));
    }

    [Fact]
    public void Get_Help_shows_the_text()
    {
        PSObject help = module.Run("Get-Help Invoke-EtcdDefrag -Full").Single();

        Assert.Contains(
            "strictly one after another",
            help.Properties["Synopsis"].Value.ToString(),
            StringComparison.Ordinal
        );
        Assert.NotEmpty(module.Run("(Get-Help Invoke-EtcdDefrag -Parameter NotAfter).description"));
        Assert.True(module.Run("(Get-Help Invoke-EtcdDefrag).examples.example").Count >= FewestExamples);
    }

    private IEnumerable<string> UnknownParameters(string code)
    {
        var tree = Parser.ParseInput(code, out _, out var errors);
        if (errors.Length > 0)
            return errors.Select(e => e.Message);
        return tree.FindAll(node => node is CommandAst, true)
            .Cast<CommandAst>()
            .Select(command =>
                (command, cmdlet: module.Cmdlets.FirstOrDefault(c => c.Name == command.GetCommandName()))
            )
            .Where(use => use.cmdlet is not null)
            .SelectMany(use =>
                use.command.CommandElements.OfType<CommandParameterAst>()
                    .Where(p => !use.cmdlet!.Parameters.ContainsKey(p.ParameterName))
                    .Select(p => $"-{p.ParameterName}, which {use.cmdlet!.Name} does not have")
            );
    }

    private static string Page(CmdletInfo cmdlet) => Repository.Read($"docs/cmdlets/{cmdlet.Name}.md");

    private void Each(Func<CmdletInfo, IEnumerable<string>> findWrong)
    {
        string[] wrong = [.. module.Cmdlets.SelectMany(c => findWrong(c).Select(w => $"{c.Name}: {w}"))];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [GeneratedRegex(@"```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SyntaxBlock();
}
