using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Client.Metrics;

/// <summary>Pages over real connections: from etcd, and from misbehaving servers.</summary>
[Trait("Kind", "Real")]
public sealed class HttpMetricsSourceTests : IDisposable
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public HttpMetricsSourceTests() => _listener.Start();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(10), Cancellation);

    private EtcdEndpoint Here => new(false, "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    [Fact]
    public async Task A_page_of_etcd_names_its_member_and_uses_one_connection()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Tls = TlsMode.Mutual,
                MetricsApart = true,
                QuotaBytes = 64_000_000,
            },
            Cancellation
        );
        await using NetworkProxy proxy = NetworkProxy.Start(new Uri(etcd.Members[0].MetricsUrl!));
        using var source = new HttpMetricsSource(EtcdEndpoint.Parse(proxy.Url, false), new TcpDialer());
        for (int i = 0; i < 3; i++)
        {
            MemberMetrics page = await source.ReadAsync(Limit);
            Assert.Equal(etcd.Members[0].Id, HexId.Format(page.MemberId!.Value));
            Assert.Equal((false, 64_000_000L), (page.IsDefragmenting, page.QuotaBytes));
            Assert.NotNull(page.ProcessStart);
        }
        Assert.Equal(1, proxy.AcceptedConnections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_an_endless_page_stops_at_the_size_limit(bool isPacked)
    {
        byte[] piece = Piece(isPacked);
        Task server = ServeAsync(async stream =>
        {
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    Chunked.Replace("\r\n\r\n", isPacked ? "\r\nContent-Encoding: gzip\r\n\r\n" : "\r\n\r\n")
                ),
                Cancellation
            );
            while (true)
                await stream.WriteAsync(piece, Cancellation);
        });
        DialException error = await FailureAsync();
        Assert.Equal(CallFailure.NotEtcd, error.Failure);
        Assert.Contains("the metrics page is larger than", error.Message);
        await server;
    }

    [Fact]
    public async Task A_page_that_arrives_too_slowly_times_out_and_closes_its_connection()
    {
        Task server = ServeAsync(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Chunked), Cancellation);
            while (true)
            {
                await stream.WriteAsync("3\r\n# a\r\n"u8.ToArray(), Cancellation);
                await Task.Delay(50, Cancellation);
            }
        });
        var watch = Stopwatch.StartNew();
        Assert.Equal(CallFailure.TimedOut, (await FailureAsync(TimeSpan.FromSeconds(1))).Failure);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
        await server;
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", nameof(CallFailure.NotEtcd))]
    [InlineData(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        nameof(CallFailure.NotEtcd)
    )]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", nameof(CallFailure.Other))]
    [InlineData(
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\netcd_disk_defrag_inflight 1\n",
        nameof(CallFailure.ConnectionLost)
    )]
    [InlineData(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        nameof(CallFailure.NotEtcd)
    )]
    [InlineData("no HTTP at all\r\n\r\n", nameof(CallFailure.ConnectionLost))]
    public async Task An_incomplete_or_invalid_page_is_a_failure(string answer, string failure)
    {
        Task server = ServeAsync(async stream =>
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Cancellation)
        );
        Assert.Equal(failure, (await FailureAsync()).Failure.ToString());
        await server;
    }

    [Fact]
    public async Task A_port_that_refuses_connections_is_reported_as_such()
    {
        _listener.Stop();
        Assert.Equal(CallFailure.Refused, (await FailureAsync()).Failure);
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>1 MB of text as one chunk, compressed or not.</summary>
    private static byte[] Piece(bool isPacked)
    {
        byte[] text = new byte[1 << 20];
        Array.Fill(text, (byte)'#');
        if (isPacked)
        {
            var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(text);
            text = packed.ToArray();
        }
        return [.. Encoding.ASCII.GetBytes($"{text.Length:x}\r\n"), .. text, .. "\r\n"u8];
    }

    private async Task<DialException> FailureAsync(TimeSpan? timeout = null)
    {
        using var source = new HttpMetricsSource(Here, new TcpDialer());
        return await Assert.ThrowsAsync<DialException>(() =>
            source.ReadAsync(Limit with { Timeout = timeout ?? Limit.Timeout })
        );
    }

    /// <summary>Answers one request; ends when the client disconnects.</summary>
    private async Task ServeAsync(Func<NetworkStream, Task> answer)
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync(Cancellation);
        NetworkStream stream = client.GetStream();
        byte[] request = new byte[8192];
        int length = 0;
        while (!Encoding.ASCII.GetString(request, 0, length).EndsWith("\r\n\r\n", StringComparison.Ordinal))
            length += await stream.ReadAsync(request.AsMemory(length), Cancellation);
        Assert.StartsWith("GET /metrics HTTP/1.1\r\n", Encoding.ASCII.GetString(request, 0, length));
        try
        {
            await answer(stream);
        }
        catch (IOException)
        {
            // The client has read enough and disconnected.
        }
    }
}
