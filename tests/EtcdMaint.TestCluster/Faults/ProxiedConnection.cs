using System.Net.Sockets;
using System.Threading.Channels;

namespace EtcdMaint.TestCluster;

/// <summary>One connection through a <see cref="NetworkProxy"/>.</summary>
internal sealed class ProxiedConnection(NetworkProxy proxy, Socket client)
{
    private const int PiecesInFlight = 256;
    private const int PieceBytes = 64 * 1024;

    private readonly Socket _member = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _end = new();

    public async Task RunAsync(string host, int port)
    {
        client.NoDelay = true;
        try
        {
            await _member.ConnectAsync(host, port, _end.Token);
            await Task.WhenAll(
                PumpAsync(
                    client,
                    _member,
                    () => proxy.DelayToMember,
                    () => proxy.MostBytesToMember,
                    proxy.CountToMember
                ),
                PumpAsync(_member, client, () => proxy.DelayToClient, () => long.MaxValue, _ => { })
            );
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has closed the connection, so the other is closed too.
        }
        Close();
    }

    public void Reset() => _end.Cancel();

    private async Task PumpAsync(Socket from, Socket to, Func<TimeSpan> delay, Func<long> most, Action<int> onSent)
    {
        var pieces = Channel.CreateBounded<(byte[] Data, DateTime Due)>(PiecesInFlight);
        try
        {
            await Task.WhenAll(ReadAsync(from, pieces.Writer, delay, most), WriteAsync(to, pieces.Reader, onSent));
        }
        catch
        {
            // Ends the copying in the other direction too. A black hole also holds back that one side has closed or
            // reset its connection.
            await proxy.Gate.PassAsync(_end.Token);
            await _end.CancelAsync();
            throw;
        }
    }

    private async Task ReadAsync(
        Socket from,
        ChannelWriter<(byte[] Data, DateTime Due)> pieces,
        Func<TimeSpan> delay,
        Func<long> most
    )
    {
        var buffer = new byte[PieceBytes];
        long read = 0;
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            {
                await pieces.WriteAsync((buffer[..count], DateTime.UtcNow + delay()), _end.Token);
                read += count;
                if (read >= most())
                    await proxy.Surplus.PassAsync(_end.Token);
            }
        }
        finally
        {
            pieces.Complete();
        }
    }

    private async Task WriteAsync(Socket to, ChannelReader<(byte[] Data, DateTime Due)> pieces, Action<int> onSent)
    {
        try
        {
            await foreach (var (data, due) in pieces.ReadAllAsync(_end.Token))
            {
                if (due - DateTime.UtcNow is { Ticks: > 0 } wait)
                    await Task.Delay(wait, _end.Token);
                await proxy.Gate.PassAsync(_end.Token);
                await to.SendAsync(data, _end.Token);
                onSent(data.Length);
            }
            await proxy.Gate.PassAsync(_end.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await proxy.Gate.PassAsync(_end.Token);
            await _end.CancelAsync();
            throw;
        }
    }

    /// <summary>Ends with a reset instead of an orderly close if the connection was cut.</summary>
    private void Close()
    {
        foreach (var socket in new[] { client, _member })
        {
            if (_end.IsCancellationRequested)
                socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
    }
}
