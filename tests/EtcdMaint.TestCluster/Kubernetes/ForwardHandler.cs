using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>
/// Forwards one port over a WebSocket as a kubelet does: first the port on both channels, then the bytes of a real
/// connection; failures are reported on the error channel. Source: kubernetes/kubernetes,
/// pkg/kubelet/cri/streaming/portforward/websocket.go.
/// </summary>
internal sealed class ForwardHandler(FakePod pod, int port, ApiFaults faults)
{
    private const byte Data = 0;
    private const byte Error = 1;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    public async Task RunAsync(WebSocket socket, CancellationToken stop)
    {
        using var writer = new ChannelWriter(socket, faults);
        if (faults.SendsNonsense)
        {
            await writer.SendAsync(7, "nonsense", stop);
            await CloseAsync(socket, stop);
            return;
        }
        byte[] name = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(name, (ushort)port);
        await writer.SendAsync(Data, name, stop);
        await writer.SendAsync(Error, name, stop);
        try
        {
            if (!pod.Ports.TryGetValue(port, out int real))
                throw new SocketException((int)SocketError.ConnectionRefused);
            await JoinAsync(socket, writer, real, stop);
        }
        catch (SocketException)
        {
            await writer.SendAsync(
                Error,
                $"error forwarding port {port} to pod {pod.Name}, uid : failed to execute portforward in "
                    + "network namespace \"host\": "
                    + $"failed to connect to localhost:{port} inside namespace \"host\", IPv4: dial tcp4 "
                    + $"127.0.0.1:{port}: connect: connection refused ",
                stop
            );
        }
        await CloseAsync(socket, stop);
    }

    private static async Task CloseAsync(WebSocket socket, CancellationToken stop)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
    }

    private async Task JoinAsync(WebSocket socket, ChannelWriter writer, int real, CancellationToken stop)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", real, stop);
        NetworkStream stream = client.GetStream();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task outward = OutwardAsync(stream, writer, over.Token);
        Task inward = InwardAsync(new ChannelReader(socket), stream, over.Token);
        Task<string> broke = faults.ForwardsBroke;
        await Task.WhenAny(outward, inward, broke);
        if (broke.IsCompleted)
            await writer.SendAsync(Error, $"error forwarding port {port} to pod {pod.Name}, uid : {await broke}", stop);
        bool isOver = outward.IsCompleted || broke.IsCompleted;
        if (isOver)
            await CloseAsync(socket, stop);

        // Canceling a read would reset the connection before the sent data arrives.
        over.CancelAfter(isOver ? CloseLimit : TimeSpan.Zero);
        foreach (Task direction in new[] { outward, inward })
            await direction.ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
    }

    private static async Task OutwardAsync(NetworkStream stream, ChannelWriter writer, CancellationToken stop)
    {
        byte[] buffer = new byte[32 * 1024];
        while (await stream.ReadAsync(buffer, stop) is > 0 and var count)
            await writer.SendAsync(Data, buffer.AsMemory(0, count), stop);
    }

    private static async Task InwardAsync(ChannelReader reader, NetworkStream stream, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop) is { } message)
            if (message.Channel == Data)
                await stream.WriteAsync(message.Data, stop);
    }
}
