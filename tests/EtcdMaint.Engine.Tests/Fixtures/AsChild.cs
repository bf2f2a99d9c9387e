using System.Text.Json;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>The code of the process of a <see cref="ChildRun"/>; no other test runs it.</summary>
public sealed class AsChild
{
    [Fact(Explicit = true)]
    public async Task Defragment()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string? endpoints = Environment.GetEnvironmentVariable(ChildRun.EndpointsVariable);
        Assert.SkipWhen(endpoints is null, "Other tests run this in a separate process.");
        EtcdConnection connection = await RealCluster.ConnectAsync(
            new EndpointConnectRequest
            {
                Endpoint = [endpoints],
                ClusterName = "test",
                CallTimeout = RealCluster.Timeout,
            }
        );
        await using IEtcdCluster cluster = connection.Cluster;
        var recorder = new RunRecorder();
        IReadOnlyList<EtcdMember> members = await cluster.GetMembersAsync(RealCluster.Timeout, recorder, cancellation);
        var request = new DefragRequest
        {
            Targets = [.. members.Select(m => new MemberTarget(m))],
            CallTimeout = RealCluster.Timeout,
            Override = RealCluster.UnseenDisk,
        };
        await cluster.DefragmentAsync(request, recorder, cancellation);

        var report = new ChildReport(
            [.. recorder.Rows<EtcdDefragResult>().Select(r => r.ToString())],
            [.. recorder.Errors.Select(e => e.ErrorId)]
        );
        await File.WriteAllTextAsync(
            Environment.GetEnvironmentVariable(ChildRun.ReportVariable)!,
            JsonSerializer.Serialize(report),
            cancellation
        );
    }
}
