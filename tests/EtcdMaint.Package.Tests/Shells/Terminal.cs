using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Shells;

/// <summary>A real pwsh in a real terminal of a given size, which script(1) of util-linux provides.</summary>
internal static partial class Terminal
{
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
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "This machine has no script(1).");
        string command = string.Join(
            ' ',
            [.. Pwsh.Command.Select(Quote), "-NoLogo", "-NoProfile", "-File", Quote(file)]
        );
        var start = new ProcessStartInfo(
            "/usr/bin/script",
            ["-qec", $"stty cols {columns} rows 60; exec env --default-signal=INT {command}", "/dev/null"]
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
            string shown = await ReadAsync(process, stopAt, limited.Token);
            await process.WaitForExitAsync(limited.Token);
            return Escapes().Replace(shown, "").Replace("\r", "", StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> ReadAsync(Process process, string? stopAt, CancellationToken cancellation)
    {
        const char controlC = '\x03';
        var shown = new StringBuilder();
        var piece = new char[4096];
        while (await process.StandardOutput.ReadAsync(piece, cancellation) is > 0 and int length)
        {
            shown.Append(piece, 0, length);
            if (stopAt is null || !shown.ToString().Contains(stopAt, StringComparison.Ordinal))
                continue;
            stopAt = null;
            await process.StandardInput.WriteAsync(controlC);
            await process.StandardInput.FlushAsync(cancellation);
        }
        return shown.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[=>78])")]
    private static partial Regex Escapes();
}
