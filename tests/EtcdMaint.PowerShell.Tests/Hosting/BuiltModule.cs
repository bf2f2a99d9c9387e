using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace EtcdMaint.PowerShell.Tests;

/// <summary>The module as the build placed it in out/. The tests have no copy of its assemblies.</summary>
internal static class BuiltModule
{
    public static string Root { get; } = Path.GetFullPath(Metadata("ModuleRoot"));

    public static string Manifest { get; } = Path.Combine(Root, "EtcdMaint.psd1");

    public static string Version { get; } = Metadata("ModuleVersion");

    /// <summary>A program.</summary>
    public static string ImportProbe { get; } =
        Path.ChangeExtension(Path.GetFullPath(Metadata("ImportProbe")), OperatingSystem.IsWindows() ? "exe" : null);

    /// <summary>
    /// On Windows, PowerShell in a program other than pwsh loads no views without a signature, unless it is told to.
    /// </summary>
    [ModuleInitializer]
    internal static void TrustViews() => Environment.SetEnvironmentVariable("PSExecutionPolicyPreference", "Bypass");

    [ModuleInitializer]
    internal static void ResolveFromModule() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "EtcdMaint.Abstractions"
                ? context.LoadFromAssemblyPath(Path.Combine(Root, name.Name + ".dll"))
                : null;

    private static string Metadata(string key) =>
        typeof(BuiltModule)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == key)
            .Value!;
}
