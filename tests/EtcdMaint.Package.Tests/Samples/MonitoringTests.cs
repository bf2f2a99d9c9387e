using System.Text.Json;
using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The alert rules and the dashboard: promtool accepts them, and they use only what exists.</summary>
public sealed partial class MonitoringTests(HostedModule module) : IClassFixture<HostedModule>, IDisposable
{
    private const string Folder = "samples/monitoring/";

    private readonly TemporaryFolder _folder = new();

    private static string Rules => Repository.Read(Folder + "etcdmaint.rules.yml");

    private static IEnumerable<string> Expressions =>
        JsonDocument
            .Parse(Repository.Read(Folder + "dashboard.json"))
            .RootElement.GetProperty("panels")
            .EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!);

    [Fact]
    public async Task The_rules_are_valid_and_fire_when_they_should()
    {
        string rules = Repository.File(Folder + "etcdmaint.rules.yml");
        Assert.Contains("SUCCESS", await Promtool.RunAsync($"check rules '{rules}'"), StringComparison.Ordinal);
        string tests = Repository.File(Folder + "etcdmaint.rules.test.yml");
        Assert.Contains("SUCCESS", await Promtool.RunAsync($"test rules '{tests}'"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_alert_has_a_test_a_text_and_names_a_cmdlet()
    {
        string tests = Repository.Read(Folder + "etcdmaint.rules.test.yml");
        string page = Repository.Read(Folder + "README.md");
        string[] blocks = Rules.Split("      - alert: ")[1..];
        Assert.NotEmpty(blocks);
        Assert.All(
            blocks,
            block =>
            {
                string name = block.Split('\n')[0];
                Assert.Contains($"alertname: {name}\n        exp_alerts:\n", tests, StringComparison.Ordinal);
                Assert.Contains($"`{name}`", page, StringComparison.Ordinal);
                Assert.Matches(@"severity: (warning|critical)\n", block);
                Assert.Matches(@"\n +summary: "".+""\n +description: "".+""\n +runbook: "".*\w+-Etcd\w+.*""\n", block);
            }
        );
    }

    [Fact]
    public void The_samples_name_only_existing_cmdlets()
    {
        string[] names =
        [
            .. CmdletName().Matches(Rules + Repository.Read(Folder + "README.md")).Select(match => match.Value),
        ];
        Assert.NotEmpty(names);
        Assert.Empty(names.Except(module.Cmdlets.Select(cmdlet => cmdlet.Name)));
    }

    [Fact]
    public void Rules_and_dashboard_use_only_metrics_that_the_module_writes()
    {
        HashSet<string> written = [.. MetricName().Matches(Repository.Read("docs/metrics.md")).Select(m => m.Value)];
        string used = string.Join('\n', [Rules, Repository.Read(Folder + "etcdmaint.rules.test.yml"), .. Expressions]);
        string[] names = [.. MetricName().Matches(used).Select(match => match.Value).Distinct()];
        Assert.NotEmpty(names);
        Assert.Empty(names.Except(written));
    }

    [Fact]
    public async Task Every_expression_of_the_dashboard_is_valid()
    {
        Assert.NotEmpty(Expressions);
        IEnumerable<string> records = Expressions.Select(
            (expression, i) => $"      - record: panel:target:{i}\n        expr: |\n          {expression}\n"
        );
        string file = Path.Combine(_folder.Path, "panels.yml");
        await File.WriteAllTextAsync(
            file,
            $"groups:\n  - name: dashboard\n    rules:\n{string.Concat(records)}",
            TestContext.Current.CancellationToken
        );
        string said = await Promtool.RunAsync($"check rules '{file}'");
        Assert.Contains($"SUCCESS: {Expressions.Count()} rules found", said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"\b[A-Z]\w+-Etcd\w+")]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"\betcdmaint_\w+")]
    private static partial Regex MetricName();
}
