using System.Text.Json;
using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The steps of the GitHub workflow in a real pwsh, as a runner starts them.</summary>
public sealed class GitHubWorkflowTests : IDisposable
{
    private readonly FleetFolder _checkout = new();

    [Fact]
    public async Task A_shard_does_what_the_plan_contains_and_a_new_attempt_continues()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            TestContext.Current.CancellationToken
        );
        _checkout.Mount(cluster.Certificates!);
        _checkout.WriteList($"prod,{cluster.ClientUrls[0]}");
        File.Copy(Repository.File(FleetFolder.Script), Path.Combine(_checkout.Path, "maintain-fleet.ps1"));

        ShellResult plan = await RunAsync(GitHubWorkflow.Plan);
        Assert.Equal(["prod NothingToDo"], plan.Clusters());
        Assert.Equal(0, plan.ExitCode);
        Assert.Contains("prod", _checkout.Read("plan.html"), StringComparison.Ordinal);

        string shard = GitHubWorkflow.Shards[3];
        ShellResult maintained = await RunAsync(GitHubWorkflow.Maintain(shard));
        Assert.Equal(["prod NothingToDo"], maintained.Clusters());
        Assert.Equal(0, maintained.ExitCode);
        using JsonDocument approved = JsonDocument.Parse(_checkout.Read("plan.json"));
        Assert.Contains(
            approved.RootElement.GetProperty("planId").GetString()!,
            _checkout.Read($"state/shard-{shard.Replace("/", "-of-", StringComparison.Ordinal)}.jsonl"),
            StringComparison.Ordinal
        );

        await cluster.Members[0].KillAsync(TestContext.Current.CancellationToken);
        ShellResult again = await RunAsync(GitHubWorkflow.Maintain(shard));
        Assert.Equal(["prod NothingToDo"], again.Clusters());
        Assert.Equal(0, again.ExitCode);

        _checkout.Write("plan.json", _checkout.Read("plan.json").Replace("prod", "test", StringComparison.Ordinal));
        ShellResult damaged = await RunAsync(GitHubWorkflow.Maintain(shard));
        Assert.NotEqual(0, damaged.ExitCode);
        Assert.Contains("not started: PlanDamaged: ", damaged.Output, StringComparison.Ordinal);
        Assert.Contains("::error::Shard 4/5 ended with code 3.", damaged.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_matrix_contains_each_shard_once() =>
        Assert.Equal(
            Enumerable
                .Range(1, GitHubWorkflow.Shards.Length)
                .Select(shard => $"{shard}/{GitHubWorkflow.Shards.Length}"),
            GitHubWorkflow.Shards
        );

    public void Dispose() => _checkout.Dispose();

    /// <summary>Runs a step with the lines that a runner adds for the shell pwsh.</summary>
    private async Task<ShellResult> RunAsync(string step)
    {
        _checkout.Write(
            "step.ps1",
            $"$ErrorActionPreference = 'stop'\n{step}\n"
                + @"if ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit $LASTEXITCODE }"
        );
        Dictionary<string, string> variables = FleetFolder.Variables();
        variables["HOME"] = _checkout.Path;
        return await Pwsh.RunAsync($"Set-Location '{_checkout.Path}'; . ./step.ps1", variables);
    }
}
