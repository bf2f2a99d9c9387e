using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>The runbook from an armed alarm to accepted writes, on each release.</summary>
[Trait("Kind", "Real")]
public sealed class MainJobTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_cluster_that_refuses_writes_accepts_them_again(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                QuotaBytes = 24_000_000,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        string leader = (await real.Etcd.LeaderAsync(Cancellation)).Id;

        RunRecorder compaction = await real.CompactAsync();
        output.WriteLine(compaction.Story);
        Assert.All(
            compaction.Rows<EtcdCompactionResult>(),
            r => Assert.Equal(EtcdCompactionStatus.Compacted, r.Status)
        );

        RunRecorder defrag = await real.DefragmentAsync();
        output.WriteLine(defrag.Story);
        IReadOnlyList<EtcdDefragResult> rows = defrag.Rows<EtcdDefragResult>();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.True(r.Status is EtcdDefragStatus.Defragmented, defrag.Story + real.Logs()));
        Assert.All(rows, r => Assert.True(r.BytesReclaimed > 10_000_000, r.ToString()));
        Assert.Equal(leader, rows[^1].MemberId);

        IReadOnlyList<Defragmentation> logged = EtcdLogs.Defragmentations(real.Etcd);
        Assert.Equal(rows.Select(r => r.MemberName), logged.Select(l => l.Member));
        Assert.Empty(EtcdLogs.Overlaps(logged));

        RunRecorder alarms = await real.ClearAlarmsAsync();
        output.WriteLine(alarms.Story);
        Assert.NotEmpty(alarms.Rows<EtcdAlarm>());
        Assert.All(alarms.Rows<EtcdAlarm>(), a => Assert.Equal(EtcdAlarmStatus.Cleared, a.Status));
        await real.Etcd.KeyValues.PutAsync("after", "the run", cancellation: Cancellation);
        Assert.Equal("the run", await real.Etcd.KeyValues.GetAsync("after", cancellation: Cancellation));
    }
}
