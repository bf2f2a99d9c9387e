using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// Runs a program of this machine until it ends, or stops it after its time limit. No other class starts programs.
/// </summary>
internal static class ChildProcess
{
    /// <summary>
    /// A child that the program started may keep the output open. The output of the program itself is complete by then.
    /// </summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    /// <exception cref="DialException">The program could not be started, did not end in time, or printed too
    /// much.</exception>
    public static async Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        Action<ProcessStartInfo> prepare,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        limit.Stop.ThrowIfCancellationRequested();
        using Process process = Start(program, arguments, prepare);
        return await FinishAsync(process, Path.GetFileName(program), input, limit).ConfigureAwait(false);
    }

    /// <summary>Writes the input of a running program and waits for its end.</summary>
    /// <exception cref="DialException">The program did not end in time or printed too much.</exception>
    public static async Task<CommandOutput> FinishAsync(
        Process process,
        string name,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        over.CancelAfter(limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero);
        var output = new ProgramOutput(process.StandardOutput);
        var errors = new ProgramOutput(process.StandardError);

        // On Windows, a write to a pipe cannot be cancelled. It ends with the process.
        Task work = WorkAsync(process, input, over.Token).WaitAsync(over.Token);
        if (await Task.WhenAny(work, output.Overflow, errors.Overflow).ConfigureAwait(false) != work)
            End(process);
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            End(process);
            limit.Stop.ThrowIfCancellationRequested();
            throw new DialException(CallFailure.TimedOut, $"{name} did not end in time");
        }
        await Task.WhenAny(Task.WhenAll(output.Ended, errors.Ended), Task.Delay(OutputGrace, CancellationToken.None))
            .ConfigureAwait(false);
        return output.Overflow.IsCompleted || errors.Overflow.IsCompleted
            ? throw new DialException(
                CallFailure.ResponseTooLarge,
                $"{name} printed more than {ByteText.Of(SizeLimits.ProgramOutput)}"
            )
            : new CommandOutput(process.ExitCode, output.Text, errors.Text);
    }

    /// <summary>Starts a program with all three streams as pipes, so that Ctrl+C does not reach it.</summary>
    /// <exception cref="DialException">The program does not exist or cannot be run.</exception>
    public static Process Start(string program, IReadOnlyList<string> arguments, Action<ProcessStartInfo> prepare)
    {
        string file = ProgramPath.Find(program);
        if (OperatingSystem.IsWindows())
            BatchFile.Check(file, arguments);
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            CreateNoWindow = true,
        };
        ProgramPath.Restrict(start.Environment);
        prepare(start);
        DetachedSession.Give(start);
        try
        {
            return Started(Process.Start(start));
        }
        catch (Exception cause) when (cause is Win32Exception or PlatformNotSupportedException)
        {
            throw new DialException(CallFailure.ProgramMissing, cause.Message, cause);
        }
    }

    /// <summary>A system that does not allow child processes may start none without an error.</summary>
    /// <exception cref="PlatformNotSupportedException">No process was started.</exception>
    internal static Process Started(Process? process) =>
        process ?? throw new PlatformNotSupportedException("the system started no process");

    public static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // The process has already ended.
        }
    }

    private static async Task WorkAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken over)
    {
        await FeedAsync(process, input, over).ConfigureAwait(false);
        await process.WaitForExitAsync(over).ConfigureAwait(false);
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken over)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, over).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its whole input. Its exit code and output show the reason.
        }
    }
}
