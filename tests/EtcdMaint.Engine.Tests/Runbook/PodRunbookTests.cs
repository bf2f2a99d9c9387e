using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Operations.Space;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>The runbook with only a kubeconfig, over each access, from an armed alarm to accepted writes.</summary>
[Trait("Kind", "Real")]
public sealed class PodRunbookTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EtcdPodAccess.PortForward)]
    [InlineData(EtcdPodAccess.Exec)]
    public async Task A_cluster_that_refuses_writes_accepts_them_again(EtcdPodAccess access)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                QuotaBytes = 24_000_000,
            },
            cluster => EtcdPods.KubeUp(cluster)
        );
        await plane.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        string leader = (await plane.Etcd.LeaderAsync(Cancellation)).Id;
        // A shell starts etcd in these pods, so their spec does not show the quota with certainty.
        await using PodConnection connection = await plane.ConnectAsync(
            access,
            r => r with { QuotaBytes = 24_000_000 }
        );
        output.WriteLine(connection.Opening.Story);

        IReadOnlyList<EtcdMember> members = await connection.MembersAsync();
        Assert.Equal(plane.Etcd.Members.Select(m => m.Id).Order(), members.Select(m => m.MemberId).Order());
        Assert.All(members, m => Assert.StartsWith("etcd-server-ip-10-0-0-", m.PodName));
        Assert.Equal(["node1", "node2", "node3"], members.Select(m => m.NodeName!).Order());

        RunRecorder status = await connection.StatusAsync();
        Assert.Empty(status.Errors);
        Assert.All(status.Rows<EtcdMemberStatus>(), s => Assert.Equal(24_000_000, s.QuotaBytes));
        Assert.Contains(status.Rows<EtcdMemberStatus>(), s => s.Alarm.Contains(EtcdAlarmType.NoSpace));

        await FilledKeys.AssertFoundAsync(connection.Cluster);
        RunRecorder compaction = await connection.CompactAsync();
        output.WriteLine(compaction.Story);
        Assert.All(
            compaction.Rows<EtcdCompactionResult>(),
            r => Assert.Equal(EtcdCompactionStatus.Compacted, r.Status)
        );

        RunRecorder defrag = await connection.DefragmentAsync();
        output.WriteLine(defrag.Story);
        IReadOnlyList<EtcdDefragResult> rows = defrag.Rows<EtcdDefragResult>();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.True(r.Status is EtcdDefragStatus.Defragmented, defrag.Story));
        Assert.All(rows, r => Assert.True(r.BytesReclaimed > 10_000_000, r.ToString()));
        Assert.Equal(leader, rows[^1].MemberId);
        Assert.Empty(EtcdLogs.Overlaps(EtcdLogs.Defragmentations(plane.Etcd)));

        RunRecorder alarms = await connection.ClearAlarmsAsync();
        output.WriteLine(alarms.Story);
        Assert.NotEmpty(alarms.Rows<EtcdAlarm>());
        Assert.All(alarms.Rows<EtcdAlarm>(), a => Assert.Equal(EtcdAlarmStatus.Cleared, a.Status));
        await plane.Etcd.KeyValues.PutAsync("after", "the run", cancellation: Cancellation);
        Assert.Equal(
            access is EtcdPodAccess.Exec ? EtcdAccess.KubernetesExec : EtcdAccess.KubernetesPortForward,
            connection.Connection.Access
        );
        Assert.Equal(access is EtcdPodAccess.PortForward, plane.Api.Count(ApiKind.Exec) == 0);
    }
}
