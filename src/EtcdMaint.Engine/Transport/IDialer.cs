namespace EtcdMaint.Engine.Transport;

/// <summary>Makes a byte stream to the client port of a member. It does not depend on etcd or TLS.</summary>
internal interface IDialer
{
    ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellationToken);
}
