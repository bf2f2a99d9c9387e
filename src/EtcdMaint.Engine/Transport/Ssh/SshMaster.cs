using System.Diagnostics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// The ssh process that is logged in to a node, and whose connection all calls share. It is this process's own child
/// and reads from it, so it ends with it however that ends; ssh's own ControlPersist would leave it behind, holding the
/// error output open.
/// </summary>
internal sealed class SshMaster : IDisposable
{
    // Many logins at once, as through one jump host, are turned away at random (sshd's MaxStartups, 10:30:100 by
    // default).
    private const int LoginAttempts = 5;

    private static readonly TimeSpan LoginRetryInterval = TimeSpan.FromMilliseconds(300);

    private readonly Process _process;
    private readonly SshErrorLog _words = new();
    private readonly Task<string> _errors;

    private SshMaster(Process process)
    {
        _process = process;
        _errors = _words.ReadAsync(process.StandardError);
    }

    /// <summary>Asked by other calls too, while one closes it.</summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                return !_process.HasExited;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Logs in. Whoever is turned away by a busy server comes back a little later, and not all at once.
    /// </summary>
    /// <exception cref="DialException">The node cannot be logged in to.</exception>
    public static async Task<SshMaster> LogInAsync(SshClient client, CancellationToken over)
    {
        for (int attempt = 1; ; attempt++)
        {
            var master = new SshMaster(client.StartMaster("echo ready; cat > /dev/null"));
            try
            {
                await master.GetReadyAsync(over).ConfigureAwait(false);
                return master;
            }
            catch (DialException busy) when (busy.Failure is CallFailure.SshServerHungUp && attempt < LoginAttempts)
            {
                master.Dispose();
                await Task.Delay(LoginRetryInterval * (attempt + Random.Shared.NextDouble()), over)
                    .ConfigureAwait(false);
            }
            catch
            {
                master.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// The newest line with that text which it has printed or will in a moment; null when none comes.
    /// </summary>
    public Task<string?> FindAsync(string text) => _words.FindAsync(text);

    public void Dispose()
    {
        ChildProcess.End(_process);
        _process.Dispose();
    }

    private async Task GetReadyAsync(CancellationToken over)
    {
        var lines = new ShortLines(_process.StandardOutput);
        string? line;
        do line = await lines.ReadAsync(over).ConfigureAwait(false);
        while (line is not null and not "ready");
        if (line is null)
            throw SshFailures.ReadLogin(await _errors.WaitAsync(over).ConfigureAwait(false));
    }
}
