namespace EtcdMaint.TestCluster;

/// <summary>
/// promtool and the Pushgateway of this machine, or from its distribution's packages in the cache. They need no other
/// package.
/// </summary>
public static class PrometheusPrograms
{
    /// <exception cref="InvalidOperationException">The program is not available on this system.</exception>
    public static Task<string> PromtoolAsync() => FindAsync("promtool", "prometheus");

    /// <inheritdoc cref="PromtoolAsync"/>
    public static Task<string> PushgatewayAsync() => FindAsync("prometheus-pushgateway", "prometheus-pushgateway");

    private static async Task<string> FindAsync(string program, string package)
    {
        if (Command.Find(program) is { } installed)
            return installed;

        var system = OperatingSystemRelease.Current;
        var folder = await Cache.GetAsync(
            $"{package}/{system.Codename}-{AptArchitecture.Native}",
            (target, cancellation) =>
                AptPackages.UnpackAsync(AptRepository.OfThisMachine(), [package], target, cancellation),
            CancellationToken.None
        );
        return Path.Combine(folder, "usr", "bin", program);
    }
}
