using System.Diagnostics;

namespace EtcdMaint.Package.Tests.Shells;

/// <summary>
/// A real pwsh in a separate process: the one on the PATH, otherwise the one of the package that the build restores. It
/// can use the modules that the build provides in addition to those of its user.
/// </summary>
internal static class Pwsh
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The program, and the arguments that make it run pwsh.</summary>
    public static IReadOnlyList<string> Command { get; } = FindOnPath() is { } pwsh ? [pwsh] : ["dotnet", Packaged];

    private static string Packaged =>
        Path.Combine(
            Repository.PowerShellPackage,
            "tools",
            "net10.0",
            "any",
            OperatingSystem.IsWindows() ? "win" : "unix",
            "pwsh.dll"
        );

    /// <summary>
    /// Skips the test unless at least this version of the module is installed; returns the newest version of each major
    /// version, in ascending order.
    /// </summary>
    public static async Task<string[]> SkipUnlessHasModuleAsync(string module, Version least)
    {
        ShellResult result = await RunAsync(
            $"Get-Module -ListAvailable -Name {module} | Where-Object Version -ge '{least}' | Sort-Object Version | "
                + "Group-Object { $_.Version.Major } | ForEach-Object { $_.Group[-1].Version } | Sort-Object | "
                + "ForEach-Object { \"$_\" }"
        );
        string[] versions = result.Output.Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        Assert.SkipWhen(versions.Length == 0, $"The PowerShell module {module} {least} or newer is not installed.");
        return versions;
    }

    /// <summary>Runs a script to its end, without a profile and non-interactively.</summary>
    public static Task<ShellResult> RunAsync(string script, IReadOnlyDictionary<string, string>? variables = null) =>
        RunAsync(["-Command", script], variables);

    public static Task<ShellResult> RunFileAsync(
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? variables = null
    ) => RunAsync(["-File", file, .. arguments], variables);

    /// <summary>The modules that pwsh finds, with these folders before all others.</summary>
    public static string ModulePath(params IEnumerable<string> folders) =>
        string.Join(
            Path.PathSeparator,
            [
                .. folders,
                Path.Combine(AppContext.BaseDirectory, "modules"),
                Environment.GetEnvironmentVariable("PSModulePath"),
            ]
        );

    private static async Task<ShellResult> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? variables
    )
    {
        var start = new ProcessStartInfo(
            Command[0],
            [.. Command.Skip(1), "-NoLogo", "-NoProfile", "-NonInteractive", .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["PSModulePath"] = ModulePath();
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

    private static string? FindOnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
            .FirstOrDefault(File.Exists);
}

internal sealed record ShellResult(int ExitCode, string Output, string Error)
{
    public void MustHaveSucceeded() => Assert.True(ExitCode == 0, $"pwsh ended with {ExitCode}.\n{Output}\n{Error}");
}
