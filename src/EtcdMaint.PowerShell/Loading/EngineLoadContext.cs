using System.Reflection;
using System.Runtime.Loader;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The load context of the engine and all third-party assemblies. It keeps them apart from the versions that other
/// modules load.
/// </summary>
internal sealed class EngineLoadContext(string folder) : AssemblyLoadContext("EtcdMaint")
{
    private static readonly Assembly Abstractions = typeof(EtcdMember).Assembly;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // Only one copy of the abstractions is loaded, because the records of the engine must have the types that the
        // cmdlets use.
        if (assemblyName.Name == Abstractions.GetName().Name)
            return Abstractions;

        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
