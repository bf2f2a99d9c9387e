using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Local;

/// <summary>The etcdctl of this machine, as used in the shell of a node.</summary>
[Trait("Kind", "Real")]
public sealed class LocalTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_endpoint_is_enough_for_all_members_and_a_whole_run()
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                QuotaBytes = 24_000_000,
            },
            etcd => new LocalConnectRequest
            {
                EtcdctlPath = etcd.Binaries.Etcdctl,
                Endpoint = [etcd.ClientUrls[0]],
                ClusterName = "test",
                CallTimeout = RealCluster.Timeout,
                QuotaBytes = 24_000_000,
                Tls = RealCluster.RequestFor(etcd).Tls,
            }
        );
        Assert.Equal(EtcdAccess.LocalCommand, real.Connection.Access);
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        Assert.Equal(3, (await real.StatusAsync()).Count(s => s.IsReachable));
        await real.CompactAsync();
        RunRecorder defrag = await real.DefragmentAsync();
        output.WriteLine(defrag.Story);
        Assert.Equal(3, defrag.Rows<EtcdDefragResult>().Count(r => r.Status is EtcdDefragStatus.Defragmented));
        Assert.Empty(EtcdLogs.Overlaps(EtcdLogs.Defragmentations(real.Etcd)));
        Assert.All(
            (await real.ClearAlarmsAsync()).Rows<EtcdAlarm>(),
            a => Assert.Equal(EtcdAlarmStatus.Cleared, a.Status)
        );
        await real.Etcd.KeyValues.PutAsync("after", "the run", cancellation: Cancellation);
    }

    [Fact]
    public async Task Clearing_one_of_three_alarms_is_refused_and_clearing_all_gives_a_row_for_each()
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, QuotaBytes = 24_000_000 },
            etcd => new LocalConnectRequest
            {
                EtcdctlPath = etcd.Binaries.Etcdctl,
                Endpoint = [etcd.ClientUrls[0]],
                ClusterName = "test",
                CallTimeout = RealCluster.Timeout,
                QuotaBytes = 24_000_000,
            }
        );
        foreach (ClusterMember member in real.Etcd.Members)
            await real.Etcd.Gateway.PostAsync(
                real.Etcd.Members[0],
                "maintenance/alarm",
                new
                {
                    action = "ACTIVATE",
                    memberID = MemberId.ToDecimal(member.Id),
                    alarm = "NOSPACE",
                },
                Cancellation
            );
        IReadOnlyList<EtcdAlarm> armed = await real.Cluster.GetAlarmsAsync(
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );
        Assert.Equal(3, armed.Count);

        foreach (bool isPlan in new[] { true, false })
        {
            EtcdException refused = await Assert.ThrowsAnyAsync<EtcdException>(() =>
                real.ClearAlarmsAsync(r => r with { Alarms = [armed[0]], PlanOnly = isPlan })
            );
            Assert.Equal("AlarmsInseparable", refused.ErrorId);
            Assert.Equal(
                3,
                (await real.Cluster.GetAlarmsAsync(RealCluster.Timeout, new RunRecorder(), Cancellation)).Count
            );
        }
        RunRecorder cleared = await real.ClearAlarmsAsync(r => r with { Alarms = armed });
        Assert.Equal(3, cleared.Rows<EtcdAlarm>().Count(a => a.Status is EtcdAlarmStatus.Cleared));
        Assert.Empty(cleared.Errors);
        Assert.Empty(await real.Cluster.GetAlarmsAsync(RealCluster.Timeout, new RunRecorder(), Cancellation));
    }

    [Fact]
    public async Task Passwords_are_passed_by_the_environment_and_certificates_must_be_files()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Auth = true, Tls = TlsMode.Mutual },
            Cancellation
        );
        var request = new LocalConnectRequest
        {
            EtcdctlPath = etcd.Binaries.Etcdctl,
            Endpoint = [etcd.ClientUrls[0]],
            CallTimeout = RealCluster.Timeout,
            UserName = ClusterUsers.Root.Name,
            Password = RealCluster.Secret(ClusterUsers.Root.Password),
            Tls = RealCluster.RequestFor(etcd).Tls,
        };
        await using (IEtcdCluster cluster = (await RealCluster.ConnectAsync(request)).Cluster)
            Assert.Empty(await cluster.GetAlarmsAsync(RealCluster.Timeout, new RunRecorder(), Cancellation));

        LocalConnectRequest pem = request with
        {
            Tls = new TlsRequest { CACertificate = CertificateSource.FromPem(File.ReadAllText(etcd.Certificates!.Ca)) },
        };
        Assert.Equal(
            "CertificateNotAFile",
            (await Assert.ThrowsAsync<EtcdException>(() => RealCluster.ConnectAsync(pem))).ErrorId
        );
        LocalConnectRequest missing = request with { EtcdctlPath = "/nowhere/etcdctl" };
        Assert.Equal(
            "EtcdctlNotFound",
            (await Assert.ThrowsAnyAsync<EtcdException>(() => RealCluster.ConnectAsync(missing))).ErrorId
        );
    }
}
