using System.Net.WebSockets;
using System.Text;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>
/// Sends messages of one stream: one frame each, with the channel in the first byte. Counts bytes for the fault.
/// </summary>
internal sealed class ChannelWriter(WebSocket socket, ApiFaults faults) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private long _sent;

    public Task SendAsync(byte channel, string text, CancellationToken stop) =>
        SendAsync(channel, Encoding.UTF8.GetBytes(text), stop);

    public async Task SendAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken stop)
    {
        if (faults.AreStreamsSilent)
            return;
        await faults.Stalled.WaitAsync(stop);
        byte[] message = new byte[data.Length + 1];
        message[0] = channel;
        data.CopyTo(message.AsMemory(1));
        await _oneAtATime.WaitAsync(stop);
        try
        {
            _sent += data.Length;
            if (_sent > faults.CutAfterBytes)
            {
                socket.Abort();
                throw new StreamCutException();
            }
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, stop);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();
}

/// <summary>The stream was closed on purpose.</summary>
internal sealed class StreamCutException : IOException;
