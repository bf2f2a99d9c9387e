using System.Reflection;

namespace EtcdMaint.Cmdlets;

/// <summary>Provides the engine of this process, and loads it on first use.</summary>
internal static class EngineSource
{
    private static readonly Lazy<IEtcdEngine> Loaded = new(Load);

    public static IEtcdEngine Engine => Loaded.Value;

    private static IEtcdEngine Load()
    {
        string module = Path.GetDirectoryName(typeof(EngineSource).Assembly.Location)!;
        string folder = Path.Combine(module, "lib");
        try
        {
            Assembly engine = new EngineLoadContext(folder).LoadFromAssemblyPath(
                Path.Combine(folder, "EtcdMaint.Engine.dll")
            );
            Type type = engine.GetType("EtcdMaint.Engine.EtcdEngine", throwOnError: true)!;
            return (IEtcdEngine)Activator.CreateInstance(type, nonPublic: true)!;
        }
        catch (Exception error)
            when (error is IOException or BadImageFormatException or TypeLoadException or UnauthorizedAccessException)
        {
            throw InputErrors.EngineNotLoaded(folder, error);
        }
    }
}
