using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace EtcdMaint.Net8Probe;

/// <summary>Loads the shipped assemblies from the folder of the module, as the import of the module does.</summary>
internal static class ModuleAssemblies
{
    private static string Folder { get; } = Path.GetFullPath(Environment.GetCommandLineArgs()[1]);

    /// <summary>The assemblies that belong into the private load context, but are in the default one.</summary>
    public static IEnumerable<string> Misplaced =>
        AssemblyLoadContext
            .Default.Assemblies.Where(assembly => assembly.Location.StartsWith(Lib, StringComparison.Ordinal))
            .Select(assembly => assembly.GetName().Name!);

    private static string Lib => Path.Combine(Folder, "lib");

    [ModuleInitializer]
    internal static void ResolveFromModule() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "EtcdMaint.Abstractions" ? Load(context, name.Name) : null;

    /// <summary>The engine that the cmdlets use. Their own code creates the private load context.</summary>
    public static IEtcdEngine LoadEngine()
    {
        Type source = Load(AssemblyLoadContext.Default, "EtcdMaint.PowerShell")
            .GetType("EtcdMaint.Cmdlets.EngineSource", throwOnError: true)!;
        return (IEtcdEngine)source.GetProperty("Engine", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
    }

    private static Assembly Load(AssemblyLoadContext context, string name) =>
        context.LoadFromAssemblyPath(Path.Combine(Folder, name + ".dll"));
}
