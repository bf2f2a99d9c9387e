using System.Reflection;
using System.Runtime.Loader;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The engine and all third-party assemblies live here, so that they never meet the versions that other modules bring.
/// </summary>
internal sealed class EngineLoadContext(string folder) : AssemblyLoadContext("EtcdMaint")
{
    private static readonly Assembly Abstractions = typeof(EtcdMember).Assembly;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // One copy only: the records that the engine makes must be of the types that the cmdlets know.
        if (assemblyName.Name == Abstractions.GetName().Name)
            return Abstractions;

        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
