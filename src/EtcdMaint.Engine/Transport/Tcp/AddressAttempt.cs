using System.Net;
using System.Net.Sockets;

namespace EtcdMaint.Engine.Transport.Tcp;

/// <summary>One attempt to connect to one address.</summary>
internal sealed class AddressAttempt(IPAddress address, int port, CancellationToken cancellationToken)
{
    /// <summary>The connected socket, or the reason for the failure.</summary>
    public Task<Socket> Connected { get; } = ConnectAsync(new IPEndPoint(address, port), cancellationToken);

    /// <summary>The reason for the failure, or null if the attempt was stopped before the network answered.</summary>
    public SocketException? Failure => Connected.Exception?.InnerException as SocketException;

    /// <summary>Describes why there is no connection.</summary>
    public string Describe(bool isOnlyOne) =>
        $"{(isOnlyOne ? "" : $"{address}: ")}{Failure?.Message ?? "no answer to the request to connect"}";

    /// <summary>
    /// Waits for the end of an attempt that was stopped, and closes its socket if it connected nevertheless.
    /// </summary>
    public async Task CloseAsync()
    {
        await ((Task)Connected).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Connected.IsCompletedSuccessfully)
            Connected.Result.Dispose();
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint to, CancellationToken cancellationToken)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(to, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
