using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EtcdMaint.Engine.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EtcdMaint.Benchmarks.Simulation;

/// <summary>
/// Many members that answer MemberList and Status as etcd 3.6 does, each call after a delay, each at a separate address
/// in 127.0.0.0/8. One machine cannot run hundreds of real etcd processes.
/// </summary>
internal sealed class SimulatedFleet : IAsyncDisposable
{
    private const int MessageHead = 5;

    private readonly WebApplication _server;
    private readonly int _membersPerCluster;
    private readonly HashSet<int> _deadClusters;
    private readonly TimeSpan _latency;
    private readonly int _port;

    private SimulatedFleet(int clusters, int membersPerCluster, TimeSpan latency, int deadClusters)
    {
        (Clusters, _membersPerCluster, _latency) = (clusters, membersPerCluster, latency);
        // Distributed evenly, so that a serial loop encounters them throughout and not all at one end.
        _deadClusters = [.. Enumerable.Range(0, deadClusters).Select(n => (int)((n + 0.5) * clusters / deadClusters))];
        _port = FreePort();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.MaxConcurrentConnections = null;
                kestrel.Listen(IPAddress.Any, _port, listen => listen.Protocols = HttpProtocols.Http2);
            });
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public int Clusters { get; }

    public IEnumerable<string> AllEndpoints => Enumerable.Range(0, Clusters).SelectMany(Endpoints);

    /// <param name="deadClusters">The number of clusters that accept calls and never answer.</param>
    public static async Task<SimulatedFleet> StartAsync(
        int clusters,
        int membersPerCluster,
        TimeSpan latency,
        int deadClusters = 0
    )
    {
        var fleet = new SimulatedFleet(clusters, membersPerCluster, latency, deadClusters);
        await fleet._server.StartAsync();
        return fleet;
    }

    public IReadOnlyList<string> Endpoints(int cluster) =>
        [.. Enumerable.Range(cluster * _membersPerCluster, _membersPerCluster).Select(Endpoint)];

    /// <summary>The commands with which a user connects to all of them, into <c>$fleet</c>.</summary>
    public string ConnectScript()
    {
        var rows = Enumerable
            .Range(0, Clusters)
            .Select(c => (Name: $"c{c}", Urls: string.Join(',', Endpoints(c).Select(e => $"http://{e}"))))
            .Select(c => $"[pscustomobject]@{{ClusterName='{c.Name}';Endpoint='{c.Urls}'}}");
        return $"$fleet = @({string.Join(',', rows)} | Connect-EtcdCluster -NoVerify)";
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>
    /// Host and port only: this server resets the calls that etcdctl 3.4 makes to an endpoint with a scheme.
    /// </summary>
    private string Endpoint(int member) => $"127.{1 + (member >> 16)}.{(member >> 8) & 255}.{member & 255}:{_port}";

    private static int MemberAt(IPAddress address)
    {
        byte[] bytes = address.MapToIPv4().GetAddressBytes();
        return ((bytes[1] - 1) << 16) | (bytes[2] << 8) | bytes[3];
    }

    private async Task AnswerAsync(HttpContext context)
    {
        int member = MemberAt(context.Connection.LocalIpAddress!);
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await Task.Delay(
                _deadClusters.Contains(member / _membersPerCluster) ? Timeout.InfiniteTimeSpan : _latency,
                context.RequestAborted
            )
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (context.RequestAborted.IsCancellationRequested)
            return;

        context.Response.ContentType = "application/grpc";
        IMessage? answer = context.Request.Path.Value switch
        {
            "/etcdserverpb.Cluster/MemberList" => MemberList(member),
            "/etcdserverpb.Maintenance/Status" => Status(member),
            _ => null,
        };
        if (answer is not null)
            await WriteAsync(context.Response, answer);
        context.Response.AppendTrailer("grpc-status", answer is null ? "12" : "0");
    }

    private static async Task WriteAsync(HttpResponse response, IMessage answer)
    {
        byte[] framed = new byte[MessageHead + answer.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), framed.Length - MessageHead);
        answer.WriteTo(framed.AsSpan(MessageHead));
        await response.Body.WriteAsync(framed);
    }

    private MemberListResponse MemberList(int asked)
    {
        var list = new MemberListResponse { Header = Header(asked) };
        int first = asked / _membersPerCluster * _membersPerCluster;
        foreach (int member in Enumerable.Range(first, _membersPerCluster))
            list.Members.Add(
                new Member
                {
                    ID = Id(member),
                    Name = $"m{member}",
                    ClientURLs = { $"http://{Endpoint(member)}" },
                    PeerURLs = { $"http://peer{member}:2380" },
                }
            );
        return list;
    }

    private StatusResponse Status(int member) =>
        new()
        {
            Header = Header(member),
            Version = "3.6.14",
            StorageVersion = "3.6.0",
            DbSize = 100_000_000 + member,
            DbSizeInUse = 60_000_000,
            DbSizeQuota = 2L << 30,
            Leader = Id(member / _membersPerCluster * _membersPerCluster),
            RaftTerm = 5,
            RaftIndex = 1_000_000,
            RaftAppliedIndex = 1_000_000,
        };

    private ResponseHeader Header(int member) =>
        new()
        {
            ClusterId = 0xC000_0000UL + (ulong)(member / _membersPerCluster),
            MemberId = Id(member),
            Revision = 900_000,
            RaftTerm = 5,
        };

    private static ulong Id(int member) => 0xA000_0000UL + (ulong)member;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
