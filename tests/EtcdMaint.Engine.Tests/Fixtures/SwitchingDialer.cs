using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// Acts like a load balancer in front of several members: each new connection leads to the current member.
/// </summary>
internal sealed class SwitchingDialer(ClusterMember target) : IDialer
{
    private readonly TcpDialer _tcp = new();
    private ClusterMember _target = target;
    private Stream? _open;
    private int _dialled;

    public int Dialled => Volatile.Read(ref _dialled);

    /// <summary>New connections lead to the other member; open connections stay.</summary>
    public void LeadTo(ClusterMember other) => _target = other;

    /// <summary>The same, and the newest connection is closed.</summary>
    public void SwitchTo(ClusterMember other)
    {
        LeadTo(other);
        _open?.Dispose();
    }

    public async ValueTask<Stream> DialAsync(string host, int port, CancellationToken stop)
    {
        Interlocked.Increment(ref _dialled);
        var url = new Uri(_target.ClientUrl);
        return _open = await _tcp.DialAsync(url.Host, url.Port, stop);
    }
}
