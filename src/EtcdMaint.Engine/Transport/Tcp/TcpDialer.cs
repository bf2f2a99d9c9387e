using System.Net;
using System.Net.Sockets;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Tcp;

/// <summary>Makes streams over the network of this machine.</summary>
internal sealed class TcpDialer(IHostResolver? resolver = null) : IDialer
{
    private readonly IHostResolver _resolver = resolver ?? new SystemResolver();

    public async ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        try
        {
            return new NetworkStream(
                await new AddressRace(addresses, port).ConnectAsync(cancellationToken).ConfigureAwait(false),
                ownsSocket: true
            );
        }
        catch (DialException failed) when (addresses.Count > 1)
        {
            throw new DialException(failed.Failure, $"{host} has {addresses.Count} addresses ({failed.Message})");
        }
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
            return [address];
        try
        {
            IReadOnlyList<IPAddress> found = AddressOrder.Interleave(
                await _resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false)
            );
            return found.Count > 0 ? found : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException failed)
        {
            throw new DialException(CallFailure.HostNotFound, $"{host}: {failed.Message}", failed);
        }
    }
}
