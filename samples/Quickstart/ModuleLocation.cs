using System.Reflection;

namespace EtcdMaint.Quickstart;

/// <summary>The folder to which the build copies the module.</summary>
internal static class ModuleLocation
{
    public static string Folder { get; } =
        typeof(ModuleLocation)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(a => a.Key == "ModuleRoot")
            .Value!;

    public static string ImportScript =>
        $"Import-Module '{Path.Combine(Folder, "EtcdMaint.psd1").Replace("'", "''", StringComparison.Ordinal)}'";
}
