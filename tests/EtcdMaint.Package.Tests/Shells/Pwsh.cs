using System.Diagnostics;

namespace EtcdMaint.Package.Tests.Shells;

/// <summary>A real pwsh in a process of its own, as a user has it; what needs one is skipped where there is none.</summary>
internal static class Pwsh
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly Lazy<string?> Found = new(Find);

    public static void SkipUnlessFound() => Assert.SkipWhen(Found.Value is null, "pwsh is not on the PATH.");

    /// <summary>Skips the test unless this module is installed in at least this version; gives the newest versions, one a major.</summary>
    public static async Task<string[]> SkipUnlessHasModuleAsync(string module, Version least)
    {
        SkipUnlessFound();
        ShellResult result = await RunAsync(
            $"Get-Module -ListAvailable -Name {module} | Where-Object Version -ge '{least}' | Group-Object {{ $_.Version.Major }} | ForEach-Object {{ \"$(($_.Group.Version | Measure-Object -Maximum).Maximum)\" }}");
        string[] versions = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.SkipWhen(versions.Length == 0, $"The PowerShell module {module} {least} or newer is not installed.");
        return versions;
    }

    /// <summary>Runs a script to its end, without profile and without anybody to answer.</summary>
    public static Task<ShellResult> RunAsync(string script, IReadOnlyDictionary<string, string>? variables = null) =>
        RunAsync(["-Command", script], variables);

    public static Task<ShellResult> RunFileAsync(string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null) =>
        RunAsync(["-File", file, .. arguments], variables);

    private static async Task<ShellResult> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables)
    {
        var start = new ProcessStartInfo(Found.Value!, ["-NoLogo", "-NoProfile", "-NonInteractive", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limited.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            return new ShellResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
        .FirstOrDefault(File.Exists);
}

internal sealed record ShellResult(int ExitCode, string Output, string Error)
{
    public void MustHaveSucceeded() => Assert.True(ExitCode == 0, $"pwsh ended with {ExitCode}.\n{Output}\n{Error}");
}
