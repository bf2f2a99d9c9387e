using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace EtcdMaint.Cmdlets;

/// <summary>Runs when the module is imported.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <summary>
    /// Loads the public types. Otherwise <c>[EtcdMaint.EtcdMember]</c> would be unknown until a cmdlet has run.
    /// </summary>
    public void OnImport() => RuntimeHelpers.RunClassConstructor(typeof(EtcdMember).TypeHandle);
}
