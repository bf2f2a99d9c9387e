using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The byte stream of one forwarded port. It reads and writes at the same time, as HTTP/2 requires. A background task
/// receives all messages, so a reader that waits or stops does not block other reads. Channel 0 carries the data and
/// channel 1 carries errors; each begins with the port in two bytes.
/// </summary>
internal sealed class ForwardedStream : Stream
{
    private const byte DataChannel = 0;
    private const byte ErrorChannel = 1;

    /// <summary>
    /// The number of messages that may wait for the reader. The flow control of the network limits the rest.
    /// </summary>
    private const int Backlog = 16;

    private readonly ChannelSocket _socket;
    private readonly string _pod;
    private readonly Channel<ReadOnlyMemory<byte>> _received = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(Backlog) { SingleReader = true, SingleWriter = true }
    );
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _pump;
    private ReadOnlyMemory<byte> _rest;
    private int _isDisposed;

    private ForwardedStream(ChannelSocket socket, string pod)
    {
        _socket = socket;
        _pod = pod;
        _pump = PumpAsync();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Starts the stream after the server has sent the port on both channels.</summary>
    public static async Task<ForwardedStream> StartAsync(
        ChannelSocket socket,
        string pod,
        int port,
        CancellationToken cancellationToken
    )
    {
        var named = new HashSet<byte>();
        try
        {
            while (named.Count < 2)
            {
                ChannelData data =
                    await socket.ReceiveAsync(cancellationToken).ConfigureAwait(false)
                    ?? throw new DialException(
                        CallFailure.ConnectionLost,
                        $"the port-forward to pod {pod} ended before it started"
                    );
                bool isPort =
                    data.Channel <= ErrorChannel
                    && data.Bytes.Length == 2
                    && BinaryPrimitives.ReadUInt16LittleEndian(data.Bytes.Span) == port;
                if (!isPort || !named.Add(data.Channel))
                    throw new DialException(
                        CallFailure.ConnectionLost,
                        $"the server of the port-forward to pod {pod} does not use the port-forward protocol"
                    );
            }
            return new ForwardedStream(socket, pod);
        }
        catch (WebSocketException cause)
        {
            throw new DialException(
                CallFailure.ConnectionLost,
                $"the port-forward to pod {pod} broke before it started",
                cause
            );
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_rest.IsEmpty)
        {
            if (!await _received.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                return 0;
            _received.Reader.TryRead(out _rest);
        }
        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (buffer.IsEmpty)
            return;
        try
        {
            await _socket.SendAsync(DataChannel, buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception cause)
            when (cause is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw Broken(cause);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await _socket.DisposeAsync().ConfigureAwait(false);
            await _closing.CancelAsync().ConfigureAwait(false);
            await _pump.ConfigureAwait(false);
            _closing.Dispose();
        }
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _isDisposed == 0)
            _ = DisposeAsync().AsTask();
        base.Dispose(disposing);
    }

    /// <summary>
    /// Receives until the end. An error after data means that the connection to etcd broke, regardless of its text.
    /// Requests that were sent before may be running.
    /// </summary>
    private async Task PumpAsync()
    {
        Exception? end = null;
        bool hasData = false;
        try
        {
            while (await _socket.ReceiveAsync(_closing.Token).ConfigureAwait(false) is { } data)
            {
                if (data.Channel == ErrorChannel)
                {
                    DialException said = ForwardFailure.Read(Encoding.UTF8.GetString(data.Bytes.Span), _pod);
                    end = hasData ? new DialException(CallFailure.ConnectionLost, said.Message) : said;
                    break;
                }
                hasData = true;
                await _received.Writer.WriteAsync(data.Bytes, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception cause)
        {
            end = Broken(cause);
        }
        _received.Writer.TryComplete(end);
    }

    private DialException Broken(Exception cause) =>
        new(CallFailure.ConnectionLost, $"the port-forward to pod {_pod} broke", cause);
}
