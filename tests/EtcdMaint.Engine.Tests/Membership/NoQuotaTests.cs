using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Membership;

/// <summary>A quota of -1 means that etcd has no limit, which differs from an unknown quota.</summary>
[Trait("Kind", "Real")]
public sealed class NoQuotaTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task An_alarm_is_cleared_when_no_member_has_a_quota(string release)
    {
        await using RealCluster real = await StartArmedAsync(release);
        RunRecorder cleared = await real.ClearAlarmsAsync();
        Assert.Equal(EtcdAlarmStatus.Cleared, Assert.Single(cleared.Rows<EtcdAlarm>()).Status);
        Assert.Empty((await real.Etcd.EtcdctlAsync("alarm", "list")).OutputOrThrow().Trim());
        Assert.All(await real.StatusAsync(), s => Assert.Null(s.QuotaBytes));
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_whole_run_clears_the_alarm_when_no_member_has_a_quota(string release)
    {
        await using RealCluster real = await StartArmedAsync(release);
        RunRecorder run = await real.MaintainAsync();
        EtcdMaintenanceReport report = run.Report();
        output.WriteLine(report.Describe());
        Assert.Equal(EtcdMaintenanceStatus.Succeeded, report.Status);
        Assert.Empty((await real.Etcd.EtcdctlAsync("alarm", "list")).OutputOrThrow().Trim());
        Assert.DoesNotContain(report.Before, m => m.QuotaBytes is not null);
    }

    private static async Task<RealCluster> StartArmedAsync(string release)
    {
        RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { QuotaBytes = -1, Binaries = await Releases.OrSkipAsync(release) }
        );
        ClusterMember member = real.Etcd.Members[0];
        await real.Etcd.KeyValues.PutAsync("before", "the alarm", cancellation: Cancellation);
        await real.Etcd.Gateway.PostAsync(
            member,
            "maintenance/alarm",
            new
            {
                action = "ACTIVATE",
                memberID = MemberId.ToDecimal(member.Id),
                alarm = "NOSPACE",
            },
            Cancellation
        );
        return real;
    }
}
