using System.Diagnostics;
using System.Reflection;

namespace EtcdMaint.Package.Tests.Packages;

/// <summary>Both packages of the built module, created for these tests.</summary>
public sealed class Packages : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public string Gallery => Directory.GetFiles(Folder, "*.nupkg").Single();

    public string Automation => Path.Combine(Folder, "EtcdMaint.zip");

    /// <summary>The files of the built module, with forward slashes.</summary>
    public static IReadOnlyList<string> ModuleFiles =>
        [
            .. Directory
                .GetFiles(Repository.Module, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Repository.Module, f).Replace('\\', '/')),
        ];

    public async ValueTask InitializeAsync() => await PackAsync(Folder);

    public static async Task<string> PackAsync(string folder)
    {
        string packer = typeof(Packages)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(a => a.Key == "ModulePacker")
            .Value!;
        var start = new ProcessStartInfo("dotnet", [packer, Repository.Module, folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
        return said;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
