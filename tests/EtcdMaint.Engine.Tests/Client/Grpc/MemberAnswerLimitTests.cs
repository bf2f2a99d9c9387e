using System.Buffers.Binary;
using System.IO.Compression;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Membership;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.Engine.Wire;
using EtcdMaint.TestCluster;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace EtcdMaint.Engine.Tests.Client.Grpc;

/// <summary>A server sends more than a member ever does, over gRPC or as its metrics page.</summary>
[Trait("Kind", "Real")]
public sealed class MemberAnswerLimitTests
{
    private const int TooMuch = SizeLimits.GrpcMessage + 1;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(30), Cancellation);

    [Fact]
    public async Task Rejects_an_endless_metrics_page()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(SendWithoutEndAsync);
        Assert.Equal("ResponseTooLarge", (await RefusedAsync(server, c => c.ReadMetricsAsync(Limit))).ErrorId);
    }

    [Fact]
    public async Task Rejects_a_small_metrics_page_that_decompresses_to_a_large_one()
    {
        byte[] bomb = Compress(new byte[SizeLimits.MetricsPage + 1]);
        Assert.True(bomb.Length < SizeLimits.MetricsPage / 10);
        await using ScriptedServer server = await ScriptedServer.StartAsync(context =>
            SendCompressedAsync(context, bomb)
        );
        MemberCallException refused = await RefusedAsync(server, c => c.ReadMetricsAsync(Limit));
        Assert.Equal("ResponseTooLarge", refused.ErrorId);
        Assert.Contains("the metrics page is larger than", refused.Message);
    }

    [Fact]
    public async Task Reads_a_metrics_page_up_to_the_limit()
    {
        byte[] page = new byte[SizeLimits.MetricsPage];
        page.AsSpan().Fill((byte)'\n');
        "etcd_server_quota_backend_bytes 4711"u8.CopyTo(page);
        await using ScriptedServer server = await ScriptedServer.StartAsync(context =>
            SendCompressedAsync(context, Compress(page))
        );
        await using GrpcMemberClient client = Connect(server);
        Assert.Equal(4711, (await client.ReadMetricsAsync(Limit))?.QuotaBytes);
    }

    [Fact]
    public async Task A_metrics_page_that_is_too_large_closes_the_gates_but_does_not_end_a_started_run()
    {
        byte[] bomb = Compress(new byte[SizeLimits.MetricsPage + 1]);
        var list = new MemberListResponse
        {
            Header = new ResponseHeader { ClusterId = 1, MemberId = 2 },
        };
        list.Members.Add(new Member { ID = 2, Name = "m1" });
        await using ScriptedServer server = await ScriptedServer.StartAsync(context =>
            context.Request.Path == "/metrics" ? SendCompressedAsync(context, bomb) : SendMessageAsync(context, list)
        );
        await using GrpcMemberClient client = Connect(server);
        var cluster = new ClusterContext(
            new DiscoveryMemberSource([client]),
            null,
            TimeProvider.System,
            FreshIdentity.Create()
        );
        Assert.Equal(
            "ResponseTooLarge",
            (await Assert.ThrowsAnyAsync<EtcdException>(() => ClusterState.ReadAsync(cluster, Limit))).ErrorId
        );
        Assert.Null(await (await cluster.DiscoverAsync(Limit)).Members[0].ReadMetricsAsync(Limit));
    }

    [Fact]
    public async Task Rejects_a_message_that_is_too_long()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(context =>
            SendMessageAsync(context, new byte[TooMuch])
        );
        MemberCallException refused = await RefusedAsync(server, c => c.GetStatusAsync(Limit));
        Assert.Equal("ResponseTooLarge", refused.ErrorId);
        Assert.Contains("one message is larger than 32 MB", refused.Message);
    }

    [Fact]
    public async Task Never_decompresses_a_compressed_message()
    {
        byte[] bomb = Compress(new byte[TooMuch]);
        await using ScriptedServer server = await ScriptedServer.StartAsync(context =>
        {
            Assert.DoesNotContain("gzip", context.Request.Headers["grpc-accept-encoding"].ToString());
            context.Response.Headers["grpc-encoding"] = "gzip";
            return SendMessageAsync(context, bomb, isCompressed: true);
        });
        Assert.Equal("NotEtcd", (await RefusedAsync(server, c => c.GetStatusAsync(Limit))).ErrorId);
    }

    [Fact]
    public async Task A_snapshot_stream_may_be_longer_than_one_message()
    {
        var piece = new SnapshotResponse { Blob = ByteString.CopyFrom(new byte[SizeLimits.GrpcMessage / 2]) };
        await using ScriptedServer server = await ScriptedServer.StartAsync(async context =>
        {
            for (int i = 0; i < 3; i++)
                await SendMessageAsync(context, piece);
        });
        await using GrpcMemberClient client = Connect(server);
        long received = 0;
        await foreach (SnapshotPiece one in client.StreamSnapshotAsync(Limit))
            received += one.Bytes.Length;
        Assert.Equal(3L * piece.Blob.Length, received);
    }

    private static GrpcMemberClient Connect(ScriptedServer server)
    {
        var endpoint = new EtcdEndpoint(true, "127.0.0.1", server.Port);
        return new GrpcMemberClient(
            new MemberAddress(endpoint.ToString()),
            endpoint,
            new TcpDialer(),
            new TlsSettings { SkipCertificateCheck = true },
            null
        );
    }

    private static async Task<MemberCallException> RefusedAsync(ScriptedServer server, Func<IMemberClient, Task> call)
    {
        await using GrpcMemberClient client = Connect(server);
        return await Assert.ThrowsAsync<MemberCallException>(() => call(client));
    }

    private static async Task SendWithoutEndAsync(HttpContext context)
    {
        byte[] lines = new byte[1_000_000];
        lines.AsSpan().Fill((byte)'\n');
        while (!context.RequestAborted.IsCancellationRequested)
            await context.Response.Body.WriteAsync(lines, context.RequestAborted);
    }

    private static async Task SendCompressedAsync(HttpContext context, byte[] compressed)
    {
        context.Response.Headers.ContentEncoding = "gzip";
        await context.Response.Body.WriteAsync(compressed, context.RequestAborted);
    }

    private static Task SendMessageAsync(HttpContext context, IMessage message) =>
        SendMessageAsync(context, message.ToByteArray());

    /// <summary>A message in its gRPC frame: compression flag, length and bytes.</summary>
    private static async Task SendMessageAsync(HttpContext context, byte[] message, bool isCompressed = false)
    {
        byte[] head = new byte[5];
        head[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), message.Length);
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
        }
        await context.Response.Body.WriteAsync(head, context.RequestAborted);
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
    }

    private static byte[] Compress(byte[] text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(text);
        return compressed.ToArray();
    }
}
