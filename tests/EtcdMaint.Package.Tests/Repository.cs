using System.Reflection;

namespace EtcdMaint.Package.Tests;

/// <summary>The locations of the sources and the built module.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Metadata("RepositoryRoot"));

    public static string Module { get; } = Path.GetFullPath(Metadata("ModuleRoot"));

    public static string Manifest { get; } = Path.Combine(Module, "EtcdMaint.psd1");

    /// <summary>The package of pwsh that the build restores.</summary>
    public static string PowerShellPackage { get; } = Metadata("PowerShellPackage");

    public static string File(string path) => Path.Combine(Root, path);

    public static string Read(string path) => System.IO.File.ReadAllText(File(path));

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
