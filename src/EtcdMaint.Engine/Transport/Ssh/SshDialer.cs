using System.Globalization;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>Makes a stream to a port as seen from a node (<c>ssh -W</c>).</summary>
internal sealed class SshDialer(SshConnection connection) : IDialer
{
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(30);

    public async ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        string to = string.Create(
            CultureInfo.InvariantCulture,
            $"-W{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"
        );
        (System.Diagnostics.Process ssh, IDisposable lease) = await connection
            .StartAsync([to, .. connection.Destination], new CallBudget(LoginLimit, cancellationToken))
            .ConfigureAwait(false);
        return new SshStream(ssh, lease, connection);
    }
}
