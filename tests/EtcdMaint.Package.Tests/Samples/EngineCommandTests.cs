using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>How each engine starts maintain-fleet.ps1, and what it does with the exit codes.</summary>
public sealed partial class EngineCommandTests
{
    private static readonly YamlNode ArgoStep = SampleYaml
        .Read("samples/argo/workflow.yaml")["spec"]["templates"]
        .Items()
        .Single(template => template.Has("container"));

    private static readonly YamlNode JobContainer = SampleYaml.Read("samples/fleet/indexed-job.yaml")["spec"][
        "template"
    ]["spec"]["containers"][0];

    [Fact]
    public void The_engines_name_only_parameters_of_the_script()
    {
        string[] parameters =
        [
            .. Parser
                .ParseFile(Repository.File(FleetFolder.Script), out _, out _)
                .ParamBlock.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath),
        ];
        string[][] used =
        [
            Named(ArgoStep["container"]["args"]),
            Named(JobContainer["args"]),
            NamedInScript(GitHubWorkflow.Maintain("1/5")),
        ];
        Assert.All(used, names => Assert.Contains("ClusterPath", names));
        Assert.All(used, names => Assert.Empty(names.Except(parameters)));
    }

    [Fact]
    public void Argo_repeats_the_codes_that_can_be_retried()
    {
        string expression = ArgoStep["retryStrategy"]["expression"].Text();
        Assert.Equal(
            ExitCodeTable.CanRetry.Where(code => code.Value).Select(code => code.Key),
            ExitCode().Matches(expression).Select(code => code.Groups[1].Value)
        );
    }

    [Fact]
    public void The_containers_start_the_same_script() =>
        Assert.Equal(JobContainer["command"].Texts(), ArgoStep["container"]["command"].Texts());

    private static string[] Named(YamlNode arguments) =>
        [.. arguments.Texts().Where(text => text.StartsWith('-')).Select(text => text[1..])];

    private static string[] NamedInScript(string script)
    {
        Ast parsed = Parser.ParseInput(script, out _, out ParseError[] errors);
        Assert.Empty(errors);
        CommandAst command = parsed
            .FindAll(node => node is CommandAst, searchNestedScriptBlocks: true)
            .Cast<CommandAst>()
            .Single(node => node.GetCommandName() == $"./{Path.GetFileName(FleetFolder.Script)}");
        return [.. command.CommandElements.OfType<CommandParameterAst>().Select(parameter => parameter.ParameterName)];
    }

    [GeneratedRegex(@"exitCode\) == (\d+)")]
    private static partial Regex ExitCode();
}
