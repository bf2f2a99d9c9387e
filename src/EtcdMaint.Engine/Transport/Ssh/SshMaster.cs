using System.Diagnostics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// The ssh process that is logged in to a node. All calls share its connection. It is a child of this process and reads
/// from it, so it ends with this process for any reason. ControlPersist of ssh would leave it running with the error
/// output open.
/// </summary>
internal sealed class SshMaster : IDisposable
{
    // sshd refuses simultaneous logins at random, for example through one jump host (MaxStartups of sshd, 10:30:100 by
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

    /// <summary>Other calls may read this while one call closes the process.</summary>
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
    /// Logs in. If a busy server refuses the login, it tries again after a delay with a random part, so that the
    /// retries of several logins do not coincide.
    /// </summary>
    /// <exception cref="DialException">The login to the node failed.</exception>
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
    /// Returns the newest line that contains the text, or waits up to 1 second for one. Returns null if none arrives.
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
