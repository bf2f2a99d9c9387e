using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Client.Etcdctl;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Client.Grpc;

/// <summary>Reads and watches of spans of keys over gRPC.</summary>
[Trait("Kind", "Real")]
public sealed class GrpcSpanTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_begins_with_an_empty_list_and_reports_bytes_until_it_is_cancelled()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        await cluster.KeyValues.PutAsync("w/earlier", "x", cancellation: Cancellation);
        await using GrpcMemberClient grpc = EtcdctlMember.GrpcClient(cluster, cluster.Members[0]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        stop.CancelAfter(Deadline);
        await using IAsyncEnumerator<IReadOnlyList<KeyWrite>> watch = grpc.WatchAsync(
                KeySpan.OfPrefix("w/"),
                new CallBudget(TimeSpan.FromSeconds(5), stop.Token)
            )
            .GetAsyncEnumerator(Cancellation);

        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
        await cluster.KeyValues.PutAsync("w/a", "12345", cancellation: Cancellation);
        await cluster.KeyValues.PutAsync("x", "outside", cancellation: Cancellation);
        await cluster.KeyValues.PutAsync("w/\u00fc", "", cancellation: Cancellation);
        await cluster.KeyValues.DeleteAsync("w/a", Cancellation);
        var writes = new List<KeyWrite>();
        while (writes.Count < 3 && await watch.MoveNextAsync())
            writes.AddRange(watch.Current);
        Assert.Equal([new("w/a", 8), new(KeySpan.Key("w/\u00fc"), 4), new("w/a", 3)], writes);

        ValueTask<bool> next = watch.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Theory]
    [InlineData("3.5.30")]
    [InlineData("3.7")]
    public async Task Keys_are_streamed_with_their_sizes_from_3_7_on(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        var objects = new KubernetesObjects();
        await cluster.Loader.LoadAsync(objects, cancellation: Cancellation);
        await using GrpcMemberClient grpc = EtcdctlMember.GrpcClient(cluster, cluster.Members[0]);
        KeySpan span = KeySpan.OfPrefix("/registry/") with { WithValues = true, Limit = 1 };
        var read = new List<KeySize>();
        async Task StreamAsync()
        {
            await foreach (IReadOnlyList<KeySize> keys in grpc.StreamSpanAsync(span, 0, EtcdctlMember.Limit))
                read.AddRange(keys);
        }
        if (release != "3.7")
        {
            Assert.Equal(CallFailure.NotSupported, (await EtcdctlMember.FailureAsync(StreamAsync)).Failure);
            return;
        }
        await StreamAsync();
        KeyUsage[] usage = [.. objects.Usage.Where(u => u.Prefix.StartsWith("/registry/", StringComparison.Ordinal))];
        Assert.Equal(
            (usage.Sum(u => u.KeyCount), usage.Sum(u => u.Bytes)),
            (read.Count, read.Sum(key => (long)key.Bytes))
        );
        Assert.Equal(read.OrderBy(key => key.Key, StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task More_spans_than_the_member_allows_operations_are_refused_as_such()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { ExtraArguments = ["--max-txn-ops=16"] },
            Cancellation
        );
        await using GrpcMemberClient grpc = EtcdctlMember.GrpcClient(cluster, cluster.Members[0]);
        KeySpan[] spans = [.. Enumerable.Repeat(KeySpan.All, 17)];

        MemberCallException refused = await EtcdctlMember.FailureAsync(() =>
            grpc.ReadSpansAsync(spans, 0, EtcdctlMember.Limit)
        );
        Assert.Equal(CallFailure.TooManyOperations, refused.Failure);
        Assert.Equal("TransactionTooLarge", refused.ErrorId);
        Assert.Equal(16, (await grpc.ReadSpansAsync(spans[1..], 0, EtcdctlMember.Limit)).Spans.Count);
    }
}
