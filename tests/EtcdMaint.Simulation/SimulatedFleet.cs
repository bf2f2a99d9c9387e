using System.Net;
using System.Text;
using EtcdMaint.Simulation.Server;
using EtcdMaint.Simulation.State;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace EtcdMaint.Simulation;

/// <summary>
/// Many clusters that can be maintained over real sockets, because one machine cannot run hundreds of real etcd
/// processes. The members answer as etcd 3.6 does, each at an address of its own in 127.0.0.0/8.
/// </summary>
public sealed class SimulatedFleet : IAsyncDisposable
{
    private readonly FleetOptions _options;
    private readonly FleetServer _server;
    private FleetAddresses _addresses = null!;
    private SimulatedCluster[] _clusters = [];

    private SimulatedFleet(FleetOptions options)
    {
        _options = options;
        Log = new FleetLog(options.Clusters);
        _server = new FleetServer(AnswerAsync, address => MetricsPage.Of(MemberAt(address)));
    }

    /// <summary>The number of clusters.</summary>
    public int Clusters => _options.Clusters;

    /// <summary>What the clients did.</summary>
    public FleetLog Log { get; }

    /// <summary>The endpoints of all members, without a scheme.</summary>
    public IEnumerable<string> AllEndpoints => Enumerable.Range(0, Clusters).SelectMany(Endpoints);

    /// <summary>Starts a fleet.</summary>
    public static async Task<SimulatedFleet> StartAsync(FleetOptions options)
    {
        var fleet = new SimulatedFleet(options);
        fleet._addresses = new FleetAddresses(await fleet._server.StartAsync(), options.MembersPerCluster);
        fleet._clusters =
        [
            .. Enumerable
                .Range(0, options.Clusters)
                .Select(number => new SimulatedCluster(number, options, fleet._addresses, fleet.Log)),
        ];
        return fleet;
    }

    /// <summary>Returns the name of a cluster in the file of the fleet.</summary>
    public static string NameOf(int cluster) => $"c{cluster:00000}";

    /// <summary>Returns the endpoints of the members of a cluster, without a scheme.</summary>
    public IReadOnlyList<string> Endpoints(int cluster) =>
        [
            .. Enumerable
                .Range(cluster * _options.MembersPerCluster, _options.MembersPerCluster)
                .Select(_addresses.Endpoint),
        ];

    /// <summary>Writes the CSV file from which Connect-EtcdCluster connects to the clusters.</summary>
    public Task WriteCsvAsync(string path)
    {
        var text = new StringBuilder("ClusterName,Endpoint\n");
        for (int cluster = 0; cluster < Clusters; cluster++)
            text.Append(NameOf(cluster))
                .Append(",\"")
                .AppendJoin(',', Endpoints(cluster).Select(endpoint => $"http://{endpoint}"))
                .Append("\"\n");
        return File.WriteAllTextAsync(path, text.ToString());
    }

    /// <summary>
    /// Ends the leases of the keys whose value contains a text, as if their time to live had passed. A test does not
    /// have to wait for the locks of a process that was killed.
    /// </summary>
    public void Expire(string text)
    {
        byte[] sought = Encoding.UTF8.GetBytes(text);
        foreach (SimulatedCluster cluster in _clusters)
            lock (cluster.Gate)
                cluster.Expire(value => value.Span.IndexOf(sought) >= 0);
    }

    /// <summary>
    /// Whether a cluster has a key with a lease whose value contains a text, such as the lock of a process.
    /// </summary>
    public bool HasLeased(string text)
    {
        byte[] sought = Encoding.UTF8.GetBytes(text);
        foreach (SimulatedCluster cluster in _clusters)
            lock (cluster.Gate)
                if (cluster.FindLeased(value => value.Span.IndexOf(sought) >= 0).Any())
                    return true;
        return false;
    }

    /// <summary>
    /// Stops the fleet, and deletes the lock files that runs on its clusters have left on this machine.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (SimulatedCluster cluster in _clusters)
            File.Delete($"/tmp/etcdmaint-{cluster.Id:x16}.lock");
    }

    private SimulatedMember MemberAt(IPAddress address)
    {
        int member = FleetAddresses.MemberAt(address);
        return _clusters[member / _options.MembersPerCluster].Members[member % _options.MembersPerCluster];
    }

    private async Task AnswerAsync(IPAddress address, HttpContext context)
    {
        SimulatedMember member = MemberAt(address);
        Log.AddCall(member.Cluster.Number);
        context.Response.ContentType = "application/grpc";
        var exchange = new GrpcExchange(context);
        try
        {
            await Task.Delay(
                member.Cluster.Condition is ClusterCondition.Silent ? Timeout.InfiniteTimeSpan : _options.Latency,
                context.RequestAborted
            );
            await CallTable.AnswerAsync(context.Request.Path.Value!, member, exchange);
            exchange.End(null);
        }
        catch (GrpcException failure)
        {
            exchange.End(failure);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client no longer waits.
        }
    }
}
