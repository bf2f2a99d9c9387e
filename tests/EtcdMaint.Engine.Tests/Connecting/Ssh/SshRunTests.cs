using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Operations.Space;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Ssh;

/// <summary>The runbook from an armed alarm to accepted writes, over ssh.</summary>
[Trait("Kind", "Real")]
public sealed class SshRunTests(SshCluster shared, ITestOutputHelper output) : IClassFixture<SshCluster>
{
    public static TheoryData<string, EtcdAccess> Ways =>
        TestProfile.InTurn(EtcdAccess.SshCommand, EtcdAccess.SshStream);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_cluster_that_refuses_writes_accepts_them_again(string release, EtcdAccess access)
    {
        var options = new ClusterOptions
        {
            Members = 3,
            Tls = TlsMode.Mutual,
            QuotaBytes = 24_000_000,
            Binaries = await Releases.OrSkipAsync(release),
        };
        await using SshNodes nodes = await SshNodes.OrSkipAsync(3);
        await using RealCluster real = await RealCluster.StartAsync(
            options,
            etcd =>
                nodes.Request(etcd) with
                {
                    Tls = access is EtcdAccess.SshStream ? RealCluster.RequestFor(etcd).Tls : new TlsRequest(),
                }
        );
        Assert.Equal(access, real.Connection.Access);
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        await FilledKeys.AssertFoundAsync(real.Cluster);

        IReadOnlyList<EtcdMemberStatus> before = await real.StatusAsync();
        Assert.Equal(["node1", "node2", "node3"], before.Select(s => s.NodeName).Order());
        Assert.All(before, s => Assert.True(s.IsReachable));
        Assert.Equal(real.Etcd.Members.Select(m => m.Id).Order(), before.Select(s => s.MemberId).Order());

        RunRecorder compaction = await real.CompactAsync();
        Assert.All(
            compaction.Rows<EtcdCompactionResult>(),
            r => Assert.Equal(EtcdCompactionStatus.Compacted, r.Status)
        );
        RunRecorder defrag = await real.DefragmentAsync();
        output.WriteLine(defrag.Story);
        Assert.Equal(3, defrag.Rows<EtcdDefragResult>().Count);
        Assert.All(
            defrag.Rows<EtcdDefragResult>(),
            r =>
                Assert.True(
                    r is { Status: EtcdDefragStatus.Defragmented, BytesReclaimed: > 10_000_000 },
                    defrag.Story + real.Logs()
                )
        );
        IReadOnlyList<Defragmentation> logged = EtcdLogs.Defragmentations(real.Etcd);
        Assert.Equal(3, logged.Count);
        Assert.Empty(EtcdLogs.Overlaps(logged));

        RunRecorder alarms = await real.ClearAlarmsAsync();
        output.WriteLine(alarms.Story);
        Assert.NotEmpty(alarms.Rows<EtcdAlarm>());
        Assert.All(alarms.Rows<EtcdAlarm>(), a => Assert.Equal(EtcdAlarmStatus.Cleared, a.Status));
        await real.Etcd.KeyValues.PutAsync("after", "the run", cancellation: Cancellation);
    }

    [Theory]
    [InlineData(EtcdAccess.SshCommand)]
    [InlineData(EtcdAccess.SshStream)]
    public async Task A_connection_lost_during_a_defragmentation_is_unknown_and_nothing_is_sent_twice(EtcdAccess access)
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        SshNodes nodes = await shared.NodesAsync();
        await using RealCluster real = await shared.ConnectAsync(nodes, access);
        await real.Etcd.Loader.LoadAsync(2_000_000, 6_000_000, valueBytes: 2_000, cancellation: Cancellation);
        await real.CompactAsync();
        int earlier = EtcdLogs.Defragmentations(real.Etcd).Count;
        ClusterMember leader = await real.Etcd.LeaderAsync(Cancellation);
        int index = real.Etcd.Members.ToList().FindIndex(m => m != leader);
        ClusterMember follower = real.Etcd.Members[index];

        await using SlowDisk disk = await SlowDisk.AttachAsync(follower, TimeSpan.FromMilliseconds(5), Cancellation);
        MemberTarget[] target = [.. (await real.TargetsAsync()).Where(t => t.Member.MemberId == follower.Id)];
        Task<RunRecorder> run = real.DefragmentAsync(r => r with { Targets = target });
        await Poll.UntilAsync(
            () => run.IsCompleted || EtcdLogs.Defragmentations(real.Etcd).Count == earlier + 1,
            TimeSpan.FromSeconds(60),
            "it began",
            Cancellation
        );
        nodes.Servers[index].CutConnections();

        RunRecorder told = await run;
        output.WriteLine(told.Story);
        EtcdDefragResult row = Assert.Single(told.Rows<EtcdDefragResult>());
        Assert.Equal(EtcdDefragStatus.Defragmented, row.Status);
        Assert.Contains("connection broke", row.Reason, StringComparison.Ordinal);
        Assert.Single(EtcdLogs.Defragmentations(real.Etcd).Skip(earlier));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reports_a_stream_that_is_not_allowed_or_cannot_connect(bool hasControlSockets)
    {
        SshNodes.UseControlSockets(hasControlSockets);
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1, new SshServerOptions { AllowForwarding = false });
        await using SshNodes open = await SshNodes.OrSkipAsync(1);
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            Cancellation
        );
        TlsRequest tls = RealCluster.RequestFor(etcd).Tls;
        Assert.Equal("SshForwardingRefused", await ErrorAsync(nodes.Request(etcd) with { Tls = tls }));
        Assert.Equal(
            "EndpointRefused",
            await ErrorAsync(open.Request(etcd) with { Tls = tls, ClientUrl = ["https://127.0.0.1:1"] })
        );
        Assert.Equal(
            "EndpointRefused",
            // etcdctl tries again until its time limit.
            await ErrorAsync(open.Request(etcd) with { ClientUrl = ["https://127.0.0.1:1"] })
        );
        Assert.Equal("EtcdctlNotFound", await ErrorAsync(open.Request(etcd) with { EtcdctlPath = "/nowhere/etcdctl" }));
        Assert.Equal(
            "RemoteCertificateUnreadable",
            await ErrorAsync(open.Request(etcd) with { RemoteClientKeyPath = "/nowhere.key" })
        );
    }

    [Theory]
    [InlineData(TlsMode.ServerOnly)]
    [InlineData(TlsMode.Mutual)]
    public async Task Reads_certificates_address_and_disk_space_from_the_running_etcd(TlsMode tls)
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Tls = tls },
            etcd =>
                nodes.Request(etcd) with
                {
                    RemoteClientCertificatePath = null,
                    RemoteClientKeyPath = null,

                    // An etcd names an authority only if it requires client certificates.
                    RemoteCACertificatePath = tls is TlsMode.Mutual ? null : etcd.Certificates!.Ca,
                }
        );
        Assert.True(Assert.Single(await real.StatusAsync()).IsReachable);
    }

    [Fact]
    public async Task One_node_that_is_down_affects_only_its_own_member()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(3);
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual },
            nodes.Request
        );
        await nodes.Servers[2].DisposeAsync();
        var recorder = new RunRecorder();
        await real.Cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Cancellation);
        output.WriteLine(recorder.Story);
        Assert.Equal([false, true, true], recorder.Rows<EtcdMemberStatus>().Select(s => s.IsReachable).Order());
        Assert.Single(recorder.Errors);
    }

    [Theory]
    [InlineData(EtcdAccess.SshCommand, true, 80)]
    [InlineData(EtcdAccess.SshCommand, false, 80)]
    [InlineData(EtcdAccess.SshStream, true, 80)]
    // Each stream logs in, which takes longer than the time that a node may be silent after another one answered.
    [InlineData(EtcdAccess.SshStream, false, 250)]
    public async Task All_nodes_behind_a_slow_link_are_reached(
        EtcdAccess access,
        bool hasControlSockets,
        int millisecondsOneWay
    )
    {
        SshNodes.UseControlSockets(hasControlSockets);
        TimeSpan oneWay = TimeSpan.FromMilliseconds(millisecondsOneWay);
        SshNodes nodes = await shared.NodesAsync();
        NetworkProxy[] links = [.. nodes.Servers.Select(s => NetworkProxy.Start(new Uri($"ssh://127.0.0.1:{s.Port}")))];
        for (int i = 1; i < links.Length; i++)
        {
            (links[i].DelayToMember, links[i].DelayToClient) = (oneWay, oneWay);
            nodes.Redirect(i, links[i].Port);
        }
        try
        {
            await using RealCluster real = await shared.ConnectAsync(nodes, access);
            // On a machine under load, a login over this link can take longer than the usual limit of a test.
            var recorder = new RunRecorder();
            await real.Cluster.GetStatusAsync(null, TimeSpan.FromMinutes(1), recorder, Cancellation);
            output.WriteLine(recorder.Story);
            Assert.All(recorder.Rows<EtcdMemberStatus>(), s => Assert.True(s.IsReachable));
            Assert.All(links.Skip(1), l => Assert.True(l.AcceptedConnections > 0, "A node was reached past its link."));
        }
        finally
        {
            foreach (NetworkProxy link in links)
                await link.DisposeAsync();
        }
    }

    private async Task<string> ErrorAsync(ConnectRequest request)
    {
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            RealCluster.ConnectAsync(request with { CallTimeout = TimeSpan.FromSeconds(10) })
        );
        output.WriteLine($"{error.ErrorId}: {error.Message}");
        return error.ErrorId;
    }
}
