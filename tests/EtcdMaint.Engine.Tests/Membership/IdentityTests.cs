using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Membership;

/// <summary>Members are identified by the ID they report, not by the given or advertised URLs.</summary>
[Trait("Kind", "Real")]
public sealed class IdentityTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://192.0.2.1:2379")]
    [InlineData("https://127.0.0.1:2379")]
    public async Task Advertised_addresses_that_are_unreachable_have_no_effect(string advertised)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                AdvertisedClientUrl = advertised,
            }
        );
        await real.Etcd.Loader.LoadAsync(1_000_000, 10_000_000, cancellation: Cancellation);
        await AssertMembersAsync(real);

        await real.CompactAsync();
        RunRecorder run = await real.DefragmentAsync();
        Assert.All(
            run.Rows<EtcdDefragResult>(),
            r => Assert.True(r.Status is EtcdDefragStatus.Defragmented, run.Story)
        );
        Assert.Equal(3, EtcdLogs.Defragmentations(real.Etcd).Select(d => d.Member).Distinct().Count());
    }

    [Fact]
    public async Task A_member_with_two_client_addresses_is_processed_once()
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, ExtraClientUrl = true }
        );
        await real.Etcd.Loader.LoadAsync(1_000_000, 10_000_000, cancellation: Cancellation);
        EndpointConnectRequest both = RealCluster.RequestFor(real.Etcd) with
        {
            Endpoint = [.. real.Etcd.Members.SelectMany(m => m.ClientUrls)],
        };
        EtcdConnection connection = await RealCluster.ConnectAsync(both);
        await using IEtcdCluster cluster = connection.Cluster;
        Assert.Equal(6, connection.Endpoint.Length);

        IReadOnlyList<EtcdMember> members = await cluster.GetMembersAsync(
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );
        Assert.Equal(3, members.Count);
        await real.CompactAsync();
        var run = new RunRecorder();
        await cluster.DefragmentAsync(
            new DefragRequest
            {
                Targets = [.. members.Select(m => new MemberTarget(m))],
                CallTimeout = RealCluster.Timeout,
                Override = RealCluster.UnseenDisk,
            },
            run,
            Cancellation
        );
        Assert.Equal(3, EtcdLogs.Defragmentations(real.Etcd).Count);
    }

    [Fact]
    public async Task One_endpoint_is_enough_to_find_all_members()
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 5, Tls = TlsMode.Mutual }
        );
        EndpointConnectRequest one = RealCluster.RequestFor(real.Etcd) with
        {
            Endpoint = [real.Etcd.Members[3].ClientUrl],
        };
        EtcdConnection found = await RealCluster.ConnectAsync(one);
        await using IEtcdCluster all = found.Cluster;
        Assert.DoesNotContain(
            await all.GetMembersAsync(RealCluster.Timeout, new RunRecorder(), Cancellation),
            m => m.Endpoint is null
        );

        EtcdConnection closed = await RealCluster.ConnectAsync(one with { NoDiscovery = true });
        await using IEtcdCluster only = closed.Cluster;
        EtcdMember reached = Assert.Single(
            await only.GetMembersAsync(RealCluster.Timeout, new RunRecorder(), Cancellation),
            m => m.Endpoint is not null
        );
        Assert.Equal(real.Etcd.Members[3].Id, reached.MemberId);
    }

    [Fact]
    public async Task A_stopped_member_and_one_that_never_started_have_rows_and_cost_no_timeout()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        ClusterMember learner = await real.Etcd.AddLearnerAsync(Cancellation);
        ClusterMember unstarted = await real.Etcd.AddUnstartedMemberAsync(Cancellation);
        await real.Etcd.Members[0].KillAsync(Cancellation);

        var recorder = new RunRecorder();
        long started = TimeProvider.System.GetTimestamp();
        await real.Cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Cancellation);
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine($"{took}\n{recorder.Story}");
        IReadOnlyList<EtcdMemberStatus> rows = recorder.Rows<EtcdMemberStatus>();
        Assert.Equal(5, rows.Count);
        Assert.Equivalent(
            new[] { real.Etcd.Members[0].Id, unstarted.Id },
            rows.Where(r => !r.IsReachable).Select(r => r.MemberId),
            strict: true
        );
        Assert.True(rows.Single(r => r.MemberId == learner.Id).IsLearner);
        Assert.Equal(2, recorder.Errors.Count(e => e.ErrorId == "MemberUnreachable"));
        Assert.True(took < RealCluster.Timeout, $"{took}");
    }

    [Fact]
    public async Task Endpoints_of_two_clusters_are_refused_together()
    {
        await using RealCluster one = await RealCluster.StartAsync(new ClusterOptions());
        await using RealCluster other = await RealCluster.StartAsync(new ClusterOptions());
        EtcdConnection mixed = await RealCluster.ConnectAsync(
            RealCluster.RequestFor(one.Etcd) with
            {
                Endpoint = [one.Etcd.ClientUrls[0], other.Etcd.ClientUrls[0]],
                NoVerify = true,
            }
        );
        await using IEtcdCluster cluster = mixed.Cluster;
        // The first place that answers may decide which cluster it is, but two clusters never count as one.
        for (int i = 0; i < 5; i++)
        {
            try
            {
                Assert.Single(await cluster.GetMembersAsync(RealCluster.Timeout, new RunRecorder(), Cancellation));
            }
            catch (EtcdException refused)
            {
                Assert.Contains(refused.ErrorId, new[] { "SeveralEtcdClusters", "EndpointChangedCluster" });
            }
        }
    }

    private static async Task AssertMembersAsync(RealCluster real)
    {
        IReadOnlyList<EtcdMember> members = await real.Cluster.GetMembersAsync(
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );
        foreach (ClusterMember expected in real.Etcd.Members)
        {
            EtcdMember found = members.Single(m => m.MemberId == expected.Id);
            Assert.Equal(expected.ClientUrl, found.Endpoint);
            Assert.Equal(expected.Name, found.MemberName);
        }
    }
}
