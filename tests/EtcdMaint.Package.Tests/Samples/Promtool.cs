using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>promtool of Prometheus, which checks metrics, rules and expressions.</summary>
internal static class Promtool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Runs promtool, which must find no problem. Skips the test if this system has no package of it.
    /// </summary>
    public static async Task<string> RunAsync(string arguments, string? inputFile = null)
    {
        string program;
        try
        {
            program = await PrometheusPrograms.PromtoolAsync();
        }
        catch (InvalidOperationException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
        string redirect = inputFile is null ? "" : " < \"$INPUT\"";
        return await ProgramRun.RunAsync(
            "/usr/bin/env",
            [$"INPUT={inputFile}", "/bin/sh", "-c", $"\"$0\" {arguments}{redirect}", program],
            Limit
        );
    }
}
