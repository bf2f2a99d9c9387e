using EtcdMaint.Engine.Wire;
using EtcdMaint.Simulation.Server;
using EtcdMaint.Simulation.State;

namespace EtcdMaint.Simulation.Calls;

/// <summary>Watches that report no writes. One that starts in compacted history is cancelled, as in etcd.</summary>
internal static class WatchCalls
{
    public static async Task WatchAsync(SimulatedMember member, GrpcExchange exchange)
    {
        if (await exchange.ReadAsync(WatchRequest.Parser) is not { CreateRequest: { } create })
            return;
        ResponseHeader header;
        long compacted;
        lock (member.Cluster.Gate)
            (header, compacted) = (member.Cluster.Header(member), member.Cluster.CompactedRevision);
        await exchange.WriteAsync(new WatchResponse { Header = header, Created = true });
        if (create.StartRevision > 0 && create.StartRevision <= compacted)
            await exchange.WriteAsync(
                new WatchResponse
                {
                    Header = header,
                    Canceled = true,
                    CompactRevision = compacted,
                }
            );
        else
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
    }
}
