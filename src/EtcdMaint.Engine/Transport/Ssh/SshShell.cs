using System.Diagnostics;
using System.Text;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// A shell on a node that runs one command after the other, where ssh has no control sockets. A login takes several
/// round trips, and opening a member takes a dozen commands.
/// </summary>
internal sealed class SshShell : IDisposable
{
    private const int BufferSize = 8 * 1024;

    /// <summary>A longer input is not written into the command.</summary>
    private const int LongestInput = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly Process _ssh;

    private volatile bool _isBroken;

    private SshShell(Process ssh) => _ssh = ssh;

    public bool IsAlive => !_isBroken && !_ssh.HasExited;

    /// <exception cref="DialException">The login to the node failed.</exception>
    public static async Task<SshShell> StartAsync(SshClient client, CancellationToken over) =>
        new(await SshOwnLogin.StartAsync(client, [.. client.Destination, "exec sh"], over).ConfigureAwait(false));

    /// <summary>
    /// Returns the command with its input as a script for a shell that reads its commands from the same stream, or null
    /// if a script cannot contain the input.
    /// </summary>
    public static string? Script(string command, ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty)
            return $"{command} < /dev/null";
        if (input.Length > LongestInput || input.Span.Contains((byte)0))
            return null;
        try
        {
            return $"printf %s {ShellQuoting.Quote(Strict.GetString(input.Span))} | {command}";
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>
    /// Runs a script. The output is incomplete if the connection breaks. After a failure or a broken connection, the
    /// shell cannot be used again.
    /// </summary>
    /// <exception cref="DialException">The script did not end in time or printed too much.</exception>
    public async Task<(string Output, string Errors)> RunAsync(string script, CallBudget limit)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        over.CancelAfter(limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero);

        // The output of a command may end without a line break.
        string end = $"etcdmaint-{Guid.NewGuid():N}";
        string commands = $"{{ {script}; echo; echo {end}; echo >&2; echo {end} >&2; }}\n";
        try
        {
            Task<string> output = ReadAsync(_ssh.StandardOutput, $"\n{end}\n");
            Task<string> errors = ReadAsync(_ssh.StandardError, $"\n{end}\n");
            await Task.WhenAll(WriteAsync(commands), output, errors).WaitAsync(over.Token).ConfigureAwait(false);
            return (await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Dispose();
            limit.Stop.ThrowIfCancellationRequested();
            throw new DialException(CallFailure.TimedOut, "ssh did not end in time");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ChildProcess.End(_ssh);
        _ssh.Dispose();
    }

    private async Task WriteAsync(string commands)
    {
        try
        {
            await _ssh.StandardInput.BaseStream.WriteAsync(Strict.GetBytes(commands)).ConfigureAwait(false);
            await _ssh.StandardInput.BaseStream.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The connection broke. The output shows whether the command began.
        }
    }

    private async Task<string> ReadAsync(TextReader stream, string end)
    {
        var text = new StringBuilder();
        char[] buffer = new char[BufferSize];
        int count;
        while ((count = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            text.Append(buffer, 0, count);
            if (text.Length > SizeLimits.ProgramOutput + end.Length)
            {
                // The other stream ends with the process.
                ChildProcess.End(_ssh);
                throw new DialException(
                    CallFailure.ResponseTooLarge,
                    $"ssh printed more than {ByteText.Of(SizeLimits.ProgramOutput)}"
                );
            }
            if (text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end)
                return text.ToString(0, text.Length - end.Length);
        }
        _isBroken = true;
        return text.ToString();
    }
}
