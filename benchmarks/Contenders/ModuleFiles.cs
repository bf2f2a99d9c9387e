using System.Reflection;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>The build output that is imported.</summary>
internal static class ModuleFiles
{
    public static string Manifest { get; } = Path.Combine(Metadata("ModuleRoot"), "EtcdMaint.psd1");

    /// <summary>A binary module with one cmdlet that does nothing.</summary>
    public static string EmptyModule { get; } = Metadata("EmptyModule");

    public static string ImportScript => $"Import-Module {Quote(Manifest)}";

    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Metadata(string key) =>
        typeof(ModuleFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
