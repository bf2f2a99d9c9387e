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
        string command = $"echo {Begin} >&2; {ShellQuoting.Join(program, arguments)}; echo \"{End}$?\" >&2";
        long started = TimeProvider.System.GetTimestamp();
        (System.Diagnostics.Process ssh, IDisposable lease) = await connection
            .StartAsync([.. connection.Destination, command], limit)
            .ConfigureAwait(false);
        using (lease)
        using (ssh)
        {
            TimeSpan left = limit.Timeout - TimeProvider.System.GetElapsedTime(started);
            CommandOutput output = await ChildProcess
                .FinishAsync(ssh, "ssh", input, limit with { Timeout = left })
                .ConfigureAwait(false);
            return Read(program, output);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static CommandOutput Read(string program, CommandOutput output)
    {
        int begin = output.Errors.IndexOf(Begin, StringComparison.Ordinal);
        if (begin < 0)
            throw SshFailures.Read(output.Errors);
        string rest = output.Errors[(begin + Begin.Length)..];
        int end = rest.LastIndexOf(End, StringComparison.Ordinal);
        if (end < 0 || !int.TryParse(rest[(end + End.Length)..].Split('\n')[0], out int code))
            throw new DialException(
                CallFailure.ConnectionLost,
                "the ssh connection was lost while the command was running"
            );
        string errors = rest[..end].Trim();
        var ended = new CommandOutput(code, output.Output, errors);
        return ended.IsNotRun
            ? throw new DialException(
                CallFailure.ProgramMissing,
                errors.Length > 0 ? errors.Split('\n')[^1] : $"{program} was not found"
            )
            : ended;
    }
}
