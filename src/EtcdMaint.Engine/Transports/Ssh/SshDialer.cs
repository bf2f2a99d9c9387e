using System.Globalization;
using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Transports.Ssh;

/// <summary>Makes a stream to a port as seen from a node (<c>ssh -W</c>).</summary>
internal sealed class SshDialer(SshConnection connection) : IDialer
{
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(30);

    public async ValueTask<Stream> DialAsync(string host, int port, CancellationToken stop)
    {
        string to = string.Create(CultureInfo.InvariantCulture, $"-W{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
        (System.Diagnostics.Process ssh, IDisposable lease) = await connection
            .StartAsync([to, .. connection.Destination], new CallLimit(LoginLimit, stop))
            .ConfigureAwait(false);
        return new SshStream(ssh, lease, connection);
    }
}
