using YamlDotNet.RepresentationModel;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The PowerShell steps of samples/github/etcd-maintenance.yml.</summary>
internal static class GitHubWorkflow
{
    private static readonly YamlNode Jobs = SampleYaml.Read("samples/github/etcd-maintenance.yml")["jobs"];

    public static string Plan => Step("plan");

    /// <summary>The shards of the matrix.</summary>
    public static string[] Shards => Jobs["maintain"]["strategy"]["matrix"]["shard"].Texts();

    public static string Maintain(string shard) =>
        Step("maintain").Replace("${{ matrix.shard }}", shard, StringComparison.Ordinal);

    private static string Step(string job)
    {
        YamlNode step = Jobs[job]["steps"].Items().Single(step => step.Has("run"));
        Assert.Equal("pwsh", step["shell"].Text());
        return step["run"].Text();
    }
}
