using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// Runs programs on a node. The shell of the node reports on its error output when the program starts and how it ends.
/// The output between the two reports belongs to the program, and a connection that broke in between is never reported
/// as a failed program.
/// </summary>
internal sealed class SshCommandRunner(SshConnection connection) : ICommandRunner
{
    private const string Begin = "etcdmaint-begin";
    private const string End = "etcdmaint-end ";

    public async Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        string command = ShellQuoting.Join(program, arguments);
        if (
            SshShell.Script(command, input) is { } script
            && await connection.RunInShellAsync(Reported(script), limit).ConfigureAwait(false) is var (output, errors)
        )
            return Read(program, output, errors);
        return await RunAloneAsync(program, command, input, limit).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<CommandOutput> RunAloneAsync(
        string program,
        string command,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        long started = TimeProvider.System.GetTimestamp();
        (System.Diagnostics.Process ssh, IDisposable lease) = await connection
            .StartAsync([.. connection.Destination, Reported(command)], limit)
            .ConfigureAwait(false);
        using (lease)
        using (ssh)
        {
            TimeSpan left = limit.Timeout - TimeProvider.System.GetElapsedTime(started);
            CommandOutput output = await ChildProcess
                .FinishAsync(ssh, "ssh", input, limit with { Timeout = left })
                .ConfigureAwait(false);
            return Read(program, output.Output, output.Errors);
        }
    }

    private static string Reported(string command) => $"echo {Begin} >&2; {command}; echo \"{End}$?\" >&2";

    private static CommandOutput Read(string program, string output, string reported)
    {
        int begin = reported.IndexOf(Begin, StringComparison.Ordinal);
        if (begin < 0)
            throw SshFailures.Read(reported);
        string rest = reported[(begin + Begin.Length)..];
        int end = rest.LastIndexOf(End, StringComparison.Ordinal);
        if (end < 0 || !int.TryParse(rest[(end + End.Length)..].Split('\n')[0], out int code))
            throw new DialException(
                CallFailure.ConnectionLost,
                "the ssh connection was lost while the command was running"
            );
        string errors = rest[..end].Trim();
        var ended = new CommandOutput(code, output, errors);
        return ended.IsNotRun
            ? throw new DialException(
                CallFailure.ProgramMissing,
                errors.Length > 0 ? errors.Split('\n')[^1] : $"{program} was not found"
            )
            : ended;
    }
}
