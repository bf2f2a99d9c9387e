namespace EtcdMaint.Engine.Transport;

/// <summary>Makes a byte stream to the client port of a member. It does not depend on etcd or TLS.</summary>
internal interface IDialer
{
    /// <summary>
    /// Completes when the latest stream is open or has failed, if a login to another machine takes most of that time;
    /// otherwise null.
    /// </summary>
    Task? Opening => null;

    ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellationToken);
}
