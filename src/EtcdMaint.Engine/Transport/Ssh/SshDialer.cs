using System.Globalization;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>Makes a stream to a port as seen from a node (<c>ssh -W</c>).</summary>
internal sealed class SshDialer(SshConnection connection) : IDialer
{
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(30);

    private volatile Task? _latest;
    private volatile bool _hasFailed;

    /// <summary>
    /// Completes with the latest login. Calls do not wait for a login that follows a failure, because the node may be
    /// down.
    /// </summary>
    public Task? Opening => _hasFailed ? null : _latest;

    public ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        Task<Stream> stream = StartAsync(host, port, cancellationToken);
        _latest = stream;
        return new ValueTask<Stream>(stream);
    }

    private async Task<Stream> StartAsync(string host, int port, CancellationToken cancellationToken)
    {
        string to = string.Create(
            CultureInfo.InvariantCulture,
            $"-W{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"
        );
        try
        {
            (System.Diagnostics.Process ssh, IDisposable lease) = await connection
                .StartAsync([to, .. connection.Destination], new CallBudget(LoginLimit, cancellationToken))
                .ConfigureAwait(false);
            _hasFailed = false;
            return new SshStream(ssh, lease, connection);
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }
}
