using System.Diagnostics;

namespace EtcdMaint.Package.Tests;

/// <summary>Runs a program to its end. A test that fails shows what the program said.</summary>
internal static class ProgramRun
{
    /// <returns>The error output, followed by the output.</returns>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limited.CancelAfter(limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limited.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            string said = await errors + await output;
            TestContext.Current.TestOutputHelper?.WriteLine(said);
            Assert.True(process.ExitCode == 0, said);
            return said;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
