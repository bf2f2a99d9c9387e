using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Alarms;

/// <summary>Alarms are cleared only if they will stay cleared.</summary>
[Trait("Kind", "Real")]
public sealed class AlarmTests
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task NoSpace_stays_armed_while_a_member_is_over_its_quota(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                QuotaBytes = 24_000_000,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);

        EtcdException over = await Assert.ThrowsAnyAsync<EtcdException>(() => real.ClearAlarmsAsync());
        Assert.Equal("OverQuota", over.ErrorId);
        Assert.Contains(
            "NOSPACE",
            (await real.Etcd.EtcdctlAsync("alarm", "list")).OutputOrThrow(),
            StringComparison.Ordinal
        );

        await real.CompactAsync();
        await real.DefragmentAsync();
        RunRecorder planned = await real.ClearAlarmsAsync(r => r with { PlanOnly = true });
        Assert.All(planned.Rows<EtcdAlarm>(), a => Assert.Equal(EtcdAlarmStatus.Planned, a.Status));
        Assert.Contains(
            "NOSPACE",
            (await real.Etcd.EtcdctlAsync("alarm", "list")).OutputOrThrow(),
            StringComparison.Ordinal
        );

        RunRecorder cleared = await real.ClearAlarmsAsync();
        Assert.All(cleared.Rows<EtcdAlarm>(), a => Assert.Equal(EtcdAlarmStatus.Cleared, a.Status));
        Assert.Empty((await real.Etcd.EtcdctlAsync("alarm", "list")).OutputOrThrow().Trim());
        Assert.Empty((await real.ClearAlarmsAsync()).Rows<EtcdAlarm>());
    }
}
