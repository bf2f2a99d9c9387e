using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Shells;

/// <summary>A real pwsh in a real terminal of a given size, which script(1) of util-linux provides.</summary>
internal static partial class Terminal
{
    public const int Rows = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Runs a script file to its end. Returns what the terminal shows, without escape sequences. Ctrl+C works even if
    /// the tests were started in the background, where a shell lets its programs ignore it.
    /// </summary>
    /// <param name="file">The script file.</param>
    /// <param name="columns">The width of the terminal.</param>
    /// <param name="stopAt">The text after which Ctrl+C is pressed; null for never.</param>
    public static async Task<string> RunAsync(string file, int columns, string? stopAt = null)
    {
        TerminalRecord record = await DriveAsync(
            file,
            columns,
            stopAt is null ? [] : [new TerminalStep(stopAt, terminal => terminal.PressControlCAsync())]
        );
        return Escapes().Replace(record.Text, "").Replace("\r", "", StringComparison.Ordinal);
    }

    /// <summary>
    /// Runs a script file to its end, and takes each step when its text has appeared after the one before.
    /// </summary>
    /// <param name="file">The script file.</param>
    /// <param name="columns">The width of the terminal at the start.</param>
    /// <param name="steps">What to do meanwhile.</param>
    public static async Task<TerminalRecord> DriveAsync(string file, int columns, IReadOnlyList<TerminalStep> steps)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "This machine has no script(1).");
        using var folder = new TemporaryFolder();
        string command = string.Join(
            ' ',
            [.. Pwsh.Command.Select(Quote), "-NoLogo", "-NoProfile", "-File", Quote(file)]
        );
        var start = new ProcessStartInfo(
            "/usr/bin/script",
            [
                "-qec",
                // Ctrl+C must not end the shell, which reads the modes of the terminal at the end.
                $"trap '' INT; cd {Quote(folder.Path)}; tty > tty; stty cols {columns} rows {Rows}; stty -g > before; "
                    + $"env --default-signal=INT {command}; stty -g > after",
                "/dev/null",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["TERM"] = "xterm";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";

        using Process process = Process.Start(start)!;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            var keys = new TerminalKeys(process.StandardInput, Path.Combine(folder.Path, "tty"));
            string shown = await ReadAsync(process.StandardOutput, keys, new Queue<TerminalStep>(steps), limited.Token);
            await process.WaitForExitAsync(limited.Token);
            return new TerminalRecord(shown, folder.Read("before"), folder.Read("after"));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> ReadAsync(
        StreamReader output,
        TerminalKeys keys,
        Queue<TerminalStep> steps,
        CancellationToken cancellation
    )
    {
        var shown = new StringBuilder();
        var piece = new char[4096];
        int seen = 0;
        while (await output.ReadAsync(piece, cancellation) is > 0 and int length)
        {
            shown.Append(piece, 0, length);
            if (steps.Count == 0)
                continue;
            string text = steps.Peek().Text;
            int found = shown.ToString().IndexOf(text, seen, StringComparison.Ordinal);
            if (found < 0)
                continue;
            seen = found + text.Length;
            await steps.Dequeue().Act(keys);
        }
        return shown.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[=>78])")]
    private static partial Regex Escapes();
}

/// <summary>What to do after a text has appeared.</summary>
internal sealed record TerminalStep(string Text, Func<TerminalKeys, Task> Act);

/// <summary>What a terminal received, and its modes (<c>stty -g</c>) before and after the script.</summary>
internal sealed record TerminalRecord(string Text, string ModesBefore, string ModesAfter);

/// <summary>What a person can do at the terminal.</summary>
internal sealed class TerminalKeys(StreamWriter input, string ttyFile)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public async Task PressControlCAsync()
    {
        await input.WriteAsync('\x03');
        await input.FlushAsync(TestContext.Current.CancellationToken);
    }

    public Task ResizeAsync(int columns) => SttyAsync("cols", $"{columns}");

    /// <summary>The modes of the terminal at this moment (<c>stty -g</c>).</summary>
    public Task<string> ReadModesAsync() => SttyAsync("-g");

    private Task<string> SttyAsync(params string[] arguments) =>
        ProgramRun.RunAsync("stty", ["-F", File.ReadAllText(ttyFile).Trim(), .. arguments], Limit);
}
