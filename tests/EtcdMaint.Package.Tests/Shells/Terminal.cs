using System.Diagnostics;
using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Shells;

/// <summary>A real pwsh in a real terminal of a given size, which script(1) of util-linux provides.</summary>
internal static partial class Terminal
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a script file to its end. Returns what the terminal shows, without escape sequences.</summary>
    public static async Task<string> RunAsync(string file, int columns)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "This machine has no script(1).");
        string command = string.Join(
            ' ',
            [.. Pwsh.Command.Select(Quote), "-NoLogo", "-NoProfile", "-File", Quote(file)]
        );
        var start = new ProcessStartInfo(
            "/usr/bin/script",
            ["-qec", $"stty cols {columns} rows 60; exec {command}", "/dev/null"]
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
            string shown = await process.StandardOutput.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            return Escapes().Replace(shown, "").Replace("\r", "", StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[=>78])")]
    private static partial Regex Escapes();
}
