using System.Net;
using System.Net.Sockets;
using EtcdMaint.Engine.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Transport.Tcp;

/// <summary>Resolves a single host name.</summary>
internal sealed class ListedHosts(string name, params IPAddress[] addresses) : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop) =>
        host == name ? Task.FromResult(addresses) : throw new SocketException((int)SocketError.HostNotFound);
}
