using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using static EtcdMaint.Engine.Tests.Client.Etcdctl.EtcdctlMember;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>On each release, replies of etcdctl are read into the same records as replies over gRPC.</summary>
[Trait("Kind", "Real")]
public sealed class EtcdctlMemberClientTests
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Reads_return_the_same_as_over_gRPC(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                Binaries = await Releases.OrSkipAsync(release),
            },
            Cancellation
        );
        await cluster.KeyValues.PutAsync("a", "b", cancellation: Cancellation);
        await cluster.Members[1].CommittedAsync(Cancellation);
        await using EtcdctlMemberClient etcdctl = ClientFor(cluster, cluster.Members[1]);
        await using GrpcMemberClient grpc = GrpcClient(cluster, cluster.Members[1]);

        MemberListReply expected = await grpc.ListMembersAsync(linearizable: false, Limit);
        MemberListReply list = await etcdctl.ListMembersAsync(linearizable: false, Limit);
        Assert.Equal(expected.Header with { Revision = 0 }, list.Header);
        Assert.Equivalent(expected.Members, list.Members, strict: true);
        Assert.Equal(cluster.Members[1].Id, HexId.Format(list.Header.MemberId));

        Assert.Equivalent(await grpc.GetStatusAsync(Limit), await etcdctl.GetStatusAsync(Limit), strict: true);
        Assert.Equal(await grpc.ReadAsync(Limit), await etcdctl.ReadAsync(Limit));
        Assert.Equal(await grpc.HashAsync(0, Limit), await etcdctl.HashAsync(0, Limit));
        Assert.Empty(await etcdctl.ListAlarmsAsync(Limit));
        Assert.Null(await etcdctl.ReadMetricsAsync(Limit));

        // A ping needs no quorum.
        await cluster.Members[0].KillAsync(Cancellation);
        await cluster.Members[2].KillAsync(Cancellation);
        await etcdctl.PingAsync(Limit);
        await ((IMemberClient)grpc).PingAsync(Limit);
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Creates_a_key_once_with_a_lease_for_any_bytes(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        await using EtcdctlMemberClient client = ClientFor(cluster, cluster.Members[0]);
        byte[] value = [.. Encoding.UTF8.GetBytes("{\"who\":\"M\u00fcller $HOME `x` 'q' \\\n\"}"), 0, 0xff];

        long lease = await client.GrantLeaseAsync(TimeSpan.FromSeconds(30), Limit);
        Assert.True((await client.CreateAsync("etcdmaint/lock", value, lease, Limit)).Created);
        CreateReply second = await client.CreateAsync("etcdmaint/lock", [1], 0, Limit);
        Assert.Equal((false, lease), (second.Created, second.ExistingLease));
        Assert.Equal(value, second.ExistingValue);

        KeyReply key = await client.GetAsync("etcdmaint/lock", Limit);
        Assert.Equal(value, key.Value);
        Assert.Equal(lease, key.Lease);

        Assert.Equal(TimeSpan.FromSeconds(30), await client.KeepLeaseAliveAsync(lease, Limit));
        await client.RevokeLeaseAsync(lease, Limit);
        Assert.Null((await client.GetAsync("etcdmaint/lock", Limit)).Value);
        Assert.Equal(TimeSpan.Zero, await client.KeepLeaseAliveAsync(lease, Limit));
        Assert.Equal(
            CallFailure.LeaseNotFound,
            (await FailureAsync(() => client.RevokeLeaseAsync(lease, Limit))).Failure
        );
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Compacts_and_moves_the_leader(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        await cluster.Loader.LoadAsync(100_000, 100_000, cancellation: Cancellation);
        ClusterMember leader = await cluster.LeaderAsync(Cancellation);
        ClusterMember follower = cluster.Members.First(m => m != leader);
        await using EtcdctlMemberClient client = ClientFor(cluster, leader);

        Assert.False(await client.IsCompactedAsync(2, Limit));
        Assert.Equal(0, await client.ReadCompactedRevisionAsync(Limit));
        long newest = (await client.ReadAsync(Limit)).Revision;
        await client.CompactAsync(newest, Limit);
        Assert.Equal(newest, await client.ReadCompactedRevisionAsync(Limit));
        foreach (
            (long revision, bool isGone) in new[]
            {
                (2, true),
                (newest, true),
                (newest + 1, false),
                (newest + 1000, false),
            }
        )
            Assert.Equal(isGone, await client.IsCompactedAsync(revision, Limit));
        Assert.Equal(CallFailure.Compacted, (await FailureAsync(() => client.CompactAsync(newest, Limit))).Failure);
        Assert.Equal(CallFailure.Compacted, (await FailureAsync(() => client.CompactAsync(1, Limit))).Failure);
        Assert.Equal(newest, await client.ReadCompactedRevisionAsync(Limit));
        Assert.Equal(
            CallFailure.FutureRevision,
            (await FailureAsync(() => client.CompactAsync(newest + 1000, Limit))).Failure
        );

        await client.MoveLeaderAsync(Convert.ToUInt64(follower.Id, 16), Limit);
        Assert.Equal(follower, await cluster.LeaderAsync(Cancellation));
        Assert.Equal(
            CallFailure.NotLeader,
            (await FailureAsync(() => client.MoveLeaderAsync(Convert.ToUInt64(follower.Id, 16), Limit))).Failure
        );
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Clears_alarms_together_or_not_at_all(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { QuotaBytes = 16_000_000, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        await cluster.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        await using EtcdctlMemberClient client = ClientFor(cluster, cluster.Members[0]);
        ArmedAlarm noSpace = Assert.Single(await client.ListAlarmsAsync(Limit));
        Assert.Equal(EtcdAlarmType.NoSpace, noSpace.Type);
        Assert.Contains("alarm:NOSPACE", Assert.Single((await client.GetStatusAsync(Limit)).Errors));

        var corrupt = new
        {
            action = "ACTIVATE",
            memberID = noSpace.MemberId.ToString(),
            alarm = "CORRUPT",
        };
        await cluster.Gateway.PostAsync(cluster.Members[0], "maintenance/alarm", corrupt, Cancellation);
        MemberCallException refused = await FailureAsync(() => client.DisarmAsync([noSpace], Limit));
        Assert.Equal("AlarmTypesInseparable", refused.ErrorId);
        Assert.Equal(2, (await client.ListAlarmsAsync(Limit)).Count);

        await cluster.Gateway.PostAsync(
            cluster.Members[0],
            "maintenance/alarm",
            corrupt with
            {
                action = "DEACTIVATE",
            },
            Cancellation
        );
        await client.DisarmAsync([noSpace], Limit);
        Assert.Empty(await client.ListAlarmsAsync(Limit));
        await client.DisarmAsync([noSpace], Limit);
    }
}
