using System.Net.WebSockets;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>
/// Reads messages of one stream as the node's WebSocket library does: each frame is a message, so a message that the
/// client splits into frames would be misread there. Here it is an error.
/// </summary>
internal sealed class ChannelReader(WebSocket socket)
{
    private readonly byte[] _buffer = new byte[1024 * 1024];

    /// <summary>Null at the end of the stream.</summary>
    public async Task<(byte Channel, byte[] Data)?> ReadAsync(CancellationToken stop)
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await socket.ReceiveAsync(_buffer.AsMemory(length), stop);
            }
            catch (WebSocketException)
            {
                return null;
            }
            if (received.MessageType is WebSocketMessageType.Close)
                return null;
            length += received.Count;
            if (!received.EndOfMessage)
                continue;
            return length == 0
                ? throw new InvalidDataException("A message without a channel.")
                : (_buffer[0], _buffer[1..length]);
        }
    }
}
