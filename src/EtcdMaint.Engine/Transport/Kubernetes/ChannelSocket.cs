using System.Buffers;
using System.Net.WebSockets;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// A WebSocket that carries several channels: the first byte of each message is the channel. Reading and writing can
/// run at the same time. Source: kubernetes/apimachinery, pkg/util/httpstream/wsstream.
/// </summary>
internal sealed class ChannelSocket(WebSocket socket) : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneWriter = new(1, 1);
    private byte _channel;
    private bool _isInMessage;

    /// <summary>The subprotocol that was negotiated, or null if the server does not report it.</summary>
    public string? Protocol => socket.SubProtocol;

    /// <summary>
    /// Sends one message as one frame, because the WebSocket library of the servers reads each frame of a split message
    /// as a separate message.
    /// </summary>
    public async Task SendAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        byte[] message = ArrayPool<byte>.Shared.Rent(data.Length + 1);
        try
        {
            message[0] = channel;
            data.CopyTo(message.AsMemory(1));
            await _oneWriter.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                // Cancelling a send would break the whole connection in the middle of a frame.
                await socket
                    .SendAsync(
                        message.AsMemory(0, data.Length + 1),
                        WebSocketMessageType.Binary,
                        endOfMessage: true,
                        CancellationToken.None
                    )
                    .ConfigureAwait(false);
            }
            finally
            {
                _oneWriter.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    /// <summary>Returns the next part of a message, or null at the end. Cancelling it ends the connection.</summary>
    public async Task<ChannelData?> ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket
                    .ReceiveAsync(buffer.AsMemory(), cancellationToken)
                    .ConfigureAwait(false);
                if (received.MessageType is WebSocketMessageType.Close)
                    return null;
                int skipped = _isInMessage || received.Count == 0 ? 0 : 1;
                if (skipped == 1)
                    _channel = buffer[0];
                _isInMessage = !received.EndOfMessage && (received.Count > 0 || _isInMessage);
                if (received.Count > skipped)
                    return new ChannelData(_channel, buffer.AsSpan(skipped, received.Count - skipped).ToArray());
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limited = new CancellationTokenSource(CloseLimit);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket
                    .CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limited.Token)
                    .ConfigureAwait(false);
        }
        catch (Exception error)
            when (error is WebSocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // The connection is already closed.
        }
        socket.Dispose();
    }
}

/// <summary>Bytes of one channel.</summary>
internal sealed record ChannelData(byte Channel, ReadOnlyMemory<byte> Bytes);
