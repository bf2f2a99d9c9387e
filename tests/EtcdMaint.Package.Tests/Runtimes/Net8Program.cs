using System.Reflection;
using System.Runtime.InteropServices;

namespace EtcdMaint.Package.Tests.Runtimes;

/// <summary>The program that uses the engine of the built module on a .NET 8 of its own.</summary>
internal static class Net8Program
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The folder of the program, which contains the whole .NET 8.</summary>
    public static string Folder { get; } =
        Path.GetDirectoryName(
            typeof(Net8Program)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .First(attribute => attribute.Key == "Net8Probe")
                .Value!
        )!;

    public static void SkipUnlessItRunsHere() =>
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture is Architecture.X64,
            "The .NET 8 of the program is the one for Linux on x64."
        );

    /// <summary>Runs the program to its end, and returns its lines without those for a reader.</summary>
    public static async Task<string[]> RunAsync(params string[] arguments)
    {
        string said = await ProgramRun.RunAsync(
            Path.Combine(Folder, "EtcdMaint.Net8Probe"),
            [Repository.Module, .. arguments],
            Limit
        );
        return [.. said.Split('\n').Where(line => line.Length > 0 && line[0] != ' ')];
    }
}
