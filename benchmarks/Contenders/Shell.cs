using System.Diagnostics;
using System.Management.Automation;
using System.Reflection;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>
/// Runs PowerShell scripts in a separate process: pwsh if it is on PATH, otherwise its engine hosted by this program.
/// </summary>
internal sealed record Shell(string Name, string Program, IReadOnlyList<string> Arguments)
{
    private static string EngineVersion =>
        typeof(PSObject)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split(' ')[0];

    public static async Task<Shell> FindAsync()
    {
        if (Tool.Find("pwsh") is not { } pwsh)
            return new Shell(
                $"PowerShell engine {EngineVersion}, hosted",
                Environment.ProcessPath!,
                [
                    .. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
                        ? [typeof(Shell).Assembly.Location]
                        : Array.Empty<string>(),
                    HostedShell.Flag,
                ]
            );

        ToolRun version = await Tool.RunAsync(
            pwsh,
            ["-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"]
        );
        return new Shell($"pwsh {version.OutputOrThrow().Trim()}", pwsh, ["-NoProfile", "-NonInteractive", "-File"]);
    }

    /// <summary>How to run one of the scripts next to this program.</summary>
    public ProcessStartInfo Start(string script, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Program, [.. Arguments, Path.Combine(AppContext.BaseDirectory, script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Tool.SetEnvironment(start, environment);
        return start;
    }
}
