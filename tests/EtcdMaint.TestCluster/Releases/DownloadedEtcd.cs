namespace EtcdMaint.TestCluster;

/// <summary>
/// etcd in the cache: from the distribution's signed packages, otherwise from the project's own release archive.
/// </summary>
internal static class DownloadedEtcd
{
    private static readonly string[] Packages = ["etcd-server", "etcd-client"];

    /// <summary>
    /// The Debian release with a given version. A testing release changes: its current version is accepted as long as
    /// the minor version is the same.
    /// </summary>
    private static readonly (string Version, string Suite)[] DebianSuites =
    [
        ("3.5.30", "forky"),
        ("3.5.16", "trixie"),
        ("3.4.23", "bookworm"),
    ];

    public static async Task<ReleaseLookup> FindAsync(string release)
    {
        var system = OperatingSystemRelease.Current;
        if (system.IsDebian)
            return await FromDebianAsync(release);
        if (system.IsUbuntu)
            return await FromUbuntuAsync(release, system.Codename);
        return await FromArchiveAsync(release);
    }

    private static async Task<ReleaseLookup> FromDebianAsync(string release)
    {
        var suite = DebianSuites
            .FirstOrDefault(entry => $"{entry.Version}.".StartsWith($"{release}.", StringComparison.Ordinal))
            .Suite;
        return suite is null
            ? Missing(release, "Debian has no package of it")
            : await FromPackagesAsync(
                release,
                $"Debian {suite}",
                $"debian-{suite}",
                machine => AptRepository.ForDebian(machine, suite)
            );
    }

    private static Task<ReleaseLookup> FromUbuntuAsync(string release, string suite) =>
        FromPackagesAsync(
            release,
            $"Ubuntu {suite}",
            $"ubuntu-{suite}",
            machine => AptRepository.ForUbuntu(machine, suite)
        );

    private static async Task<ReleaseLookup> FromPackagesAsync(
        string release,
        string source,
        string cacheName,
        Func<IReadOnlyList<AptSource>, AptRepository> choose
    )
    {
        var folder = await Cache.GetAsync(
            $"etcd/{cacheName}-{AptArchitecture.Native}",
            (target, cancellation) =>
                AptPackages.UnpackAsync(choose(AptSource.OfThisMachine()), Packages, target, cancellation),
            CancellationToken.None
        );

        var binaries = await EtcdBinaries.ProbeAsync(
            Path.Combine(folder, "usr", "bin"),
            $"{source} package",
            CancellationToken.None
        );
        return binaries.Covers(Line(release))
            ? ReleaseLookup.Found(release, binaries)
            : Missing(release, $"{source} has {binaries.Version}");
    }

    private static async Task<ReleaseLookup> FromArchiveAsync(string release)
    {
        if (ReleaseArchive.Find(release) is not { } archive)
            return Missing(
                release,
                "this is neither Debian nor Ubuntu, and no release archive of it is known for this system"
            );

        var folder = await Cache.GetAsync($"etcd/{archive.Name}", archive.UnpackAsync, CancellationToken.None);
        return ReleaseLookup.Found(release, await EtcdBinaries.ProbeAsync(folder, archive.Url, CancellationToken.None));
    }

    private static string Line(string release) => string.Join('.', release.Split('.').Take(2));

    private static ReleaseLookup Missing(string release, string reason) =>
        ReleaseLookup.Missing(release, $"{reason}; {LocalEtcd.VariableFor(release)} can name a folder with it.");
}
