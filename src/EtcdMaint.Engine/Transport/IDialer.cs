namespace EtcdMaint.Engine.Transport;

/// <summary>Makes a byte stream to a member's client port. It knows nothing of etcd or TLS.</summary>
internal interface IDialer
{
    ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellationToken);
}
