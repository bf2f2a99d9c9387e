using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EtcdMaint.PowerShell.Tests;

/// <summary>Runs a script in a separate PowerShell process.</summary>
internal static class Probe
{
    /// <summary>The output lines of the script, and <c>ERROR id</c> for each error.</summary>
    public static async Task<string[]> RunAsync(
        string script,
        int runspaces = 1,
        params (string Name, string Value)[] environment
    )
    {
        ProcessStartInfo start = StartInfo([script, $"{runspaces}"]);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process probe = Process.Start(start)!;
        string output = await probe.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await probe.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static ProcessStartInfo StartInfo(string[] arguments)
    {
        var start = new ProcessStartInfo(BuiltModule.ImportProbe, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // The program runs on the .NET of the tests, wherever that is.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")
        );
        return start;
    }
}
