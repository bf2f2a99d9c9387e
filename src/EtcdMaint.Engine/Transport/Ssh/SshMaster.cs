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

    /// <summary>Logs in, and tries again if a busy server refuses the login.</summary>
    /// <exception cref="DialException">The login to the node failed.</exception>
    public static Task<SshMaster> LogInAsync(SshClient client, CancellationToken over) =>
        SshLogin.RetryAsync(
            async () =>
            {
                var master = new SshMaster(client.StartMaster("echo ready; cat > /dev/null"));
                try
                {
                    await master.GetReadyAsync(over).ConfigureAwait(false);
                    return master;
                }
                catch
                {
                    master.Dispose();
                    throw;
                }
            },
            over
        );

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
