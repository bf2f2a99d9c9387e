using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;
using YamlDotNet.RepresentationModel;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The command line of the Indexed Job in a real pwsh, with folders in place of its volumes.</summary>
public sealed class FleetJobTests : IDisposable
{
    private static readonly YamlNode Job = SampleYaml.Read("samples/fleet/indexed-job.yaml")["spec"];

    private static readonly YamlNode Container = Job["template"]["spec"]["containers"][0];

    private readonly FleetFolder _fleet = new();

    [Fact]
    public async Task Two_shards_maintain_each_cluster_once_and_a_new_attempt_continues()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            TestContext.Current.CancellationToken
        );
        _fleet.Mount(cluster.Certificates!);
        _fleet.WriteList("edge-2,https://127.0.0.1:1", $"prod,{cluster.ClientUrls[0]}", "edge-4,https://127.0.0.1:2");

        ShellResult[] shards = await Task.WhenAll(RunShardAsync(0), RunShardAsync(1));
        Assert.Equal(["edge-2 Unreachable", "edge-4 Unreachable"], shards[0].Clusters().Order(StringComparer.Ordinal));
        Assert.Equal(["prod NothingToDo"], shards[1].Clusters());
        Assert.Equal([2, 0], shards.Select(shard => shard.ExitCode));

        await HistoryAndMetricsAsync();

        // Only the journal can tell the result of a cluster that does not answer.
        await cluster.Members[0].KillAsync(TestContext.Current.CancellationToken);
        ShellResult again = await RunShardAsync(1);
        Assert.Equal(["prod NothingToDo"], again.Clusters());
        Assert.Equal(0, again.ExitCode);
    }

    [Fact]
    public async Task Without_the_list_the_job_ends_with_3()
    {
        ShellResult job = await RunShardAsync(0);
        Assert.StartsWith("wrong setup: ", job.Output, StringComparison.Ordinal);
        Assert.Equal(3, job.ExitCode);
    }

    [Fact]
    public void The_job_has_a_pod_for_each_shard_and_retries_the_codes_that_can_be_retried()
    {
        string[] arguments = Container["args"].Texts();
        Assert.Equal(Job["completions"].Text(), arguments[Array.IndexOf(arguments, "-ShardCount") + 1]);
        Assert.Equal(
            ExitCodeTable.CanRetry.Where(code => code.Key != "0"),
            ExitCodeTable.CanRetry.Keys.Where(code => code != "0").ToDictionary(c => c, c => Action(c) == "Count")
        );
        // A wrong setup concerns all shards.
        Assert.Equal("FailJob", Action("3"));
    }

    public void Dispose() => _fleet.Dispose();

    /// <summary>The action of the first rule of podFailurePolicy that matches an exit code.</summary>
    private static string Action(string code) =>
        Job["podFailurePolicy"]
            ["rules"]
            .Items()
            .Where(rule => rule.Has("onExitCodes"))
            .First(rule =>
                rule["onExitCodes"]["values"].Texts().Contains(code) == (rule["onExitCodes"]["operator"].Text() == "In")
            )["action"]
            .Text();

    /// <summary>The files of a run that needs no journal.</summary>
    private async Task HistoryAndMetricsAsync()
    {
        ShellResult run = await Pwsh.RunFileAsync(
            Repository.File(FleetFolder.Script),
            [
                .. new[] { "-ClusterPath", _fleet.ListPath, "-CertificateFolder", _fleet.CertificatePath },
                .. new[] { "-Shard", "2/2", "-HistoryPath", Path.Combine(_fleet.Path, "history.jsonl") },
                .. new[] { "-MetricPath", Path.Combine(_fleet.Path, "etcdmaint.prom") },
            ],
            FleetFolder.Variables()
        );
        Assert.Equal(["prod NothingToDo"], run.Clusters());
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\"prod\"", _fleet.Read("history.jsonl"), StringComparison.Ordinal);
        Assert.Contains("cluster=\"prod\"", _fleet.Read("etcdmaint.prom"), StringComparison.Ordinal);
    }

    private async Task<ShellResult> RunShardAsync(int index)
    {
        string[] command = Container["command"].Texts();
        Assert.Equal(["pwsh", "-NoProfile", "-NonInteractive", "-File"], command[..^1]);
        Assert.Equal(Path.GetFileName(FleetFolder.Script), Path.GetFileName(command[^1]));

        string[] arguments = [.. Container["args"].Texts().Select(InFolder)];
        arguments[Array.IndexOf(arguments, "-ShardCount") + 1] = "2";
        Dictionary<string, string> variables = FleetFolder.Variables();
        variables["JOB_COMPLETION_INDEX"] = $"{index}";
        return await Pwsh.RunFileAsync(Repository.File(FleetFolder.Script), arguments, variables);
    }

    /// <summary>Replaces the path at which a volume is mounted.</summary>
    private string InFolder(string argument)
    {
        string? mount = Container["volumeMounts"]
            .Items()
            .Select(volume => volume["mountPath"].Text())
            .FirstOrDefault(path => argument.StartsWith($"{path}/", StringComparison.Ordinal) || argument == path);
        return mount switch
        {
            null => argument,
            "/etc/etcdmaint/fleet" => $"{_fleet.Path}{argument[mount.Length..]}",
            _ => $"{_fleet.Folder(Path.GetFileName(mount))}{argument[mount.Length..]}",
        };
    }
}
