using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;
using static EtcdMaint.Engine.Tests.Client.Etcdctl.EtcdctlMember;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>On each release, spans of keys are read over etcdctl with the same result as over gRPC.</summary>
[Trait("Kind", "Real")]
public sealed class EtcdctlSpanReadTests
{
    /// <summary>etcd's own limit of operations in a transaction.</summary>
    private const int MaxOperations = 128;

    /// <summary>A key with every byte. A key of etcd may have any bytes.</summary>
    private static readonly string AllBytes = new([.. Enumerable.Range(0, 256).Select(b => (char)b)]);

    private static readonly string[] Keys =
    [
        "\0",
        "\0\n\r\t\"'\\ \u00fe",
        " ",
        "--limit=7",
        "-h",
        AllBytes,
        AllBytes[1..],
        "a/1",
        "a/2",
        "a/3",
        "a/4",
        "get",
        "\u00ff",
        "\u00ff\u00ff\u00ff",
    ];

    /// <summary>Spans of every kind at the keys above, each with the limits 0, 1 and 3, with and without values.</summary>
    private static readonly KeySpan[] Spans =
    [
        .. new[]
        {
            KeySpan.All,
            KeySpan.OfPrefix("a/"),
            KeySpan.OfPrefix("none"),
            KeySpan.OfPrefix("\u00ff"),
            KeySpan.OfPrefix("-"),
            KeySpan.OfPrefix("\0"),
            new KeySpan(AllBytes, AllBytes + "\0"),
            new KeySpan("a/2", "a/4"),
            new KeySpan("a/4", "a/2"),
        }.SelectMany(span =>
            new[]
            {
                span,
                span with
                {
                    WithValues = true,
                },
                span with
                {
                    Limit = 1,
                },
                span with
                {
                    Limit = 1,
                    WithValues = true,
                },
                span with
                {
                    Limit = 3,
                    WithValues = true,
                },
                span with
                {
                    Limit = 1000,
                },
            }
        ),
    ];

    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Spans_are_read_as_over_gRPC(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        for (int i = 0; i < Keys.Length; i++)
            await PutAsync(cluster, Keys[i], new byte[i * i * i]);
        long past = await cluster.KeyValues.RevisionAsync(Cancellation);
        await PutAsync(cluster, "a/2", new byte[10_000]);
        await PutAsync(cluster, "a/31", []);
        ClusterMember leader = await cluster.LeaderAsync(Cancellation);
        ClusterMember follower = cluster.Members.First(m => m != leader);
        await follower.CommittedAsync(Cancellation);
        await using EtcdctlMemberClient etcdctl = ClientFor(cluster, follower);
        await using GrpcMemberClient grpc = GrpcClient(cluster, follower);

        KeySpansReply newest = await AssertAlikeAsync(grpc, etcdctl, Spans, 0);
        Assert.Equal(Keys.Length + 1, newest.Spans[0].Count);
        Assert.Contains(new KeySize("a/2", 10_003), newest.Spans.SelectMany(s => s.Keys));
        Assert.Contains(new KeySize(AllBytes, 256 + 125), newest.Spans.SelectMany(s => s.Keys));
        KeySpansReply earlier = await AssertAlikeAsync(grpc, etcdctl, Spans, past);
        Assert.Equal(Keys.Length, earlier.Spans[0].Count);
        await AssertAlikeAsync(grpc, etcdctl, [KeySpan.All], 0);
        await AssertAlikeAsync(grpc, etcdctl, LongSpans(MaxOperations), 0);

        await AssertFailAlikeAsync(CallFailure.TooManyOperations, LongSpans(MaxOperations + 1), 0);
        await AssertFailAlikeAsync(CallFailure.FutureRevision, Spans, past + 1000);
        await etcdctl.CompactAsync(past + 1, Limit);
        await AssertFailAlikeAsync(CallFailure.Compacted, Spans, past);

        // It is a local read.
        foreach (ClusterMember other in cluster.Members.Where(m => m != follower))
            await other.KillAsync(Cancellation);
        await AssertAlikeAsync(grpc, etcdctl, Spans, 0);

        async Task AssertFailAlikeAsync(CallFailure failure, KeySpan[] spans, long revision)
        {
            foreach (IMemberClient client in new IMemberClient[] { grpc, etcdctl })
                Assert.Equal(
                    failure,
                    (await FailureAsync(() => client.ReadSpansAsync(spans, revision, Limit))).Failure
                );
        }
    }

    [Fact]
    public async Task A_long_script_arrives_over_ssh()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        await AssertLongScriptArrivesAsync(cluster, new SshCommandRunner(nodes.Connection()));
    }

    /// <summary>Before v5, exec cannot close the input.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_script_arrives_in_a_pod(bool canClose)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        server.SupportsV5 = canClose;
        server.Users.Add(new ApiUser("admin") { Token = "good-token" });
        var pod = new FakePod(
            PodManifest.Create("etcd-node1", "kube-system", "node1", [PodManifest.Container("etcd", "etcd", ["etcd"])])
        );
        pod.Programs[cluster.Binaries.Etcdctl] = cluster.Binaries.Etcdctl;
        server.Pods.Add(pod);
        string config = KubeConfigText.Write(server, KubeConfigText.Whole(server, KubeConfigText.Token("good-token")));
        using var api = new ApiServer(
            KubeConfigLoader.Load(new KubernetesConnectRequest { KubeConfig = config }, _ => { })
        );
        await AssertLongScriptArrivesAsync(cluster, new PodCommandRunner(api, "kube-system", "etcd-node1", "etcd"));
    }

    /// <summary>gRPC messages and the output of etcdctl have the same limit, but base64 is longer than the value.</summary>
    [Fact]
    public async Task A_reply_that_is_too_large_is_reported_as_such()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        await cluster.Loader.LoadAsync(25_000_000, 0, 1_000_000, cancellation: Cancellation);
        await using EtcdctlMemberClient etcdctl = ClientFor(cluster, cluster.Members[0]);

        KeySpan all = KeySpan.All with { Limit = 1000, WithValues = true };
        Assert.Equal(
            CallFailure.ResponseTooLarge,
            (await FailureAsync(() => etcdctl.ReadSpansAsync([all], 0, Limit))).Failure
        );
        KeySpansReply half = await etcdctl.ReadSpansAsync([all with { Limit = 12 }], 0, Limit);
        Assert.Equal(25, half.Spans[0].Count);
        Assert.Equal(12, half.Spans[0].Keys.Count(k => k.Bytes == 1_000_000 + k.Key.Length));
    }

    private static async Task AssertLongScriptArrivesAsync(TestEtcdCluster cluster, ICommandRunner runner)
    {
        string key = LongSpans(1)[0].From;
        await PutAsync(cluster, key, new byte[5]);
        await using EtcdctlMemberClient etcdctl = ClientFor(cluster, cluster.Members[0], runner);
        await using GrpcMemberClient grpc = GrpcClient(cluster, cluster.Members[0]);
        KeySpansReply reply = await AssertAlikeAsync(grpc, etcdctl, LongSpans(MaxOperations), 0);
        Assert.Equal(new KeySize(key, 205), Assert.Single(reply.Spans[0].Keys));
    }

    private static async Task<KeySpansReply> AssertAlikeAsync(
        GrpcMemberClient grpc,
        EtcdctlMemberClient etcdctl,
        KeySpan[] spans,
        long revision
    )
    {
        KeySpansReply expected = await grpc.ReadSpansAsync(spans, revision, Limit);
        KeySpansReply read = await etcdctl.ReadSpansAsync(spans, revision, Limit);
        Assert.Equal(expected.Header, read.Header);
        Assert.Equal(expected.Spans.Count, read.Spans.Count);
        for (int i = 0; i < spans.Length; i++)
        {
            Assert.Equal(expected.Spans[i].Count, read.Spans[i].Count);
            Assert.Equal(expected.Spans[i].Keys, read.Spans[i].Keys);
        }
        return read;
    }

    /// <summary>Spans with keys of 200 bytes, each of which is longer in the script.</summary>
    private static KeySpan[] LongSpans(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => $"{i:d4}{new string('\u0080', 196)}")
                .Select(key => new KeySpan(key, KeySpan.After(key), Limit: 1, WithValues: true)),
        ];

    private static Task PutAsync(TestEtcdCluster cluster, string key, byte[] value) =>
        cluster.Gateway.PostAsync(
            cluster.Members[0],
            "kv/put",
            new { key = Convert.ToBase64String(Encoding.Latin1.GetBytes(key)), value = Convert.ToBase64String(value) },
            Cancellation
        );
}
