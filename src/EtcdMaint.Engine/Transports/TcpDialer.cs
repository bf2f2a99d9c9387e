using System.Net.Sockets;
using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Transports;

internal sealed class TcpDialer : IDialer
{
    public async ValueTask<Stream> DialAsync(string host, int port, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, stop).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            throw new DialException(Classify(failed.SocketErrorCode), failed.Message, failed);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static CallFailure Classify(SocketError code) => code switch
    {
        SocketError.ConnectionRefused => CallFailure.Refused,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => CallFailure.HostNotFound,
        _ => CallFailure.Unreachable,
    };
}
