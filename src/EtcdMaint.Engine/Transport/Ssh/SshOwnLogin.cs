using System.Diagnostics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// Starts an ssh process that logs in itself, where no master logs in for all calls. The caller gets the process
/// after the login, so it recognizes a failure of the login as one, and nothing has run on the node when a login is
/// repeated.
/// </summary>
internal static class SshOwnLogin
{
    /// <summary>Observed on OpenSSH 9.2, whose log level VERBOSE shows it. Older releases also log this line.</summary>
    private const string LoggedIn = "Authenticated to ";

    /// <exception cref="DialException">The login to the node failed.</exception>
    public static Task<Process> StartAsync(SshClient client, IReadOnlyList<string> arguments, CancellationToken over) =>
        SshLogin.RetryAsync(
            async () =>
            {
                Process process = client.Start(arguments);
                try
                {
                    // On Windows, a read of a pipe cannot be cancelled. It ends with the process.
                    await WaitAsync(process).WaitAsync(over).ConfigureAwait(false);
                    return process;
                }
                catch
                {
                    ChildProcess.End(process);
                    process.Dispose();
                    throw;
                }
            },
            over
        );

    /// <summary>Leaves the rest of the error output to the call.</summary>
    private static async Task WaitAsync(Process process)
    {
        var errors = new SshErrorLog();
        var lines = new ShortLines(process.StandardError, readAhead: 1);
        while (await lines.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith(LoggedIn, StringComparison.Ordinal))
                return;
            errors.Add(line);
        }
        throw SshFailures.ReadLogin(errors.Text);
    }
}
