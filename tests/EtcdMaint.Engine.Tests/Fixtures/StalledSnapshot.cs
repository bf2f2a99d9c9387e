using EtcdMaint.TestCluster;
using Grpc.Core;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// A client that opens a snapshot stream, reads one message and stops reading, like a backup over a broken link.
/// </summary>
internal sealed class StalledSnapshot : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncServerStreamingCall<Wire.SnapshotResponse> _stream;

    private StalledSnapshot(GrpcChannel channel, AsyncServerStreamingCall<Wire.SnapshotResponse> stream) =>
        (_channel, _stream) = (channel, stream);

    public static async Task<StalledSnapshot> OpenAsync(ClusterMember member, CancellationToken cancellation)
    {
        GrpcChannel channel = GrpcChannel.ForAddress(member.ClientUrl);
        var client = new Wire.Maintenance.MaintenanceClient(channel);
        var stalled = new StalledSnapshot(
            channel,
            client.Snapshot(new Wire.SnapshotRequest(), cancellationToken: CancellationToken.None)
        );
        Assert.True(await stalled._stream.ResponseStream.MoveNext(cancellation));
        return stalled;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _channel.Dispose();
    }
}
