using System.Reflection;
using System.Runtime.InteropServices;

namespace EtcdMaint.Benchmarks.Results;

/// <summary>The machine on which the figures were measured: they mean little without it.</summary>
internal sealed record Machine(
    string System,
    string Runtime,
    int Cores,
    double MemoryGiB,
    string Build,
    string Etcd,
    string Shell
)
{
    public static Machine Describe(string etcd, string shell) =>
        new(
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            Environment.ProcessorCount,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30), 1),
            typeof(Machine).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
            etcd,
            shell
        );

    /// <summary>The load of the machine in the last minute; null if it is not reported.</summary>
    public static double? Load() =>
        File.Exists("/proc/loadavg")
            ? double.Parse(
                File.ReadAllText("/proc/loadavg").Split(' ')[0],
                global::System.Globalization.CultureInfo.InvariantCulture
            )
            : null;

    public override string ToString() =>
        $"{Cores} cores, {MemoryGiB} GiB, {System}, {Runtime}, {Build} build, {Etcd}, {Shell}";
}
