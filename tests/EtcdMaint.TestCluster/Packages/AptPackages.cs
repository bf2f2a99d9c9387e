using System.Text;

namespace EtcdMaint.TestCluster;

/// <summary>
/// Downloads signed packages with apt and unpacks them; nothing is installed, and the state of the machine's own apt is
/// not changed.
/// </summary>
internal static class AptPackages
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static Task UnpackAsync(
        AptRepository repository,
        IReadOnlyList<string> packages,
        string folder,
        CancellationToken cancellation
    ) => UnpackAsync(repository, folder, _ => Task.FromResult(packages), cancellation);

    /// <summary>
    /// Unpacks a package with its dependencies, except for the C library: that one comes from the machine.
    /// </summary>
    public static Task UnpackWithLibrariesAsync(
        AptRepository repository,
        string package,
        string folder,
        CancellationToken cancellation
    ) =>
        UnpackAsync(
            repository,
            folder,
            async apt =>
            {
                var tree = await RunAsync(
                    "apt-cache",
                    [
                        "depends",
                        "--recurse",
                        "--no-recommends",
                        "--no-suggests",
                        "--no-conflicts",
                        "--no-breaks",
                        "--no-replaces",
                        "--no-enhances",
                        package,
                    ],
                    apt,
                    cancellation
                );
                return
                [
                    .. tree.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Where(line => char.IsAsciiLetterOrDigit(line[0]) && line != "libc6" && !line.Contains(':')),
                ];
            },
            cancellation
        );

    private static async Task UnpackAsync(
        AptRepository repository,
        string folder,
        Func<string, Task<IReadOnlyList<string>>> choose,
        CancellationToken cancellation
    )
    {
        if (!File.Exists(repository.Keyring))
            throw new InvalidOperationException($"the archive keyring {repository.Keyring} is missing");

        var apt = Path.Combine(folder, "apt");
        foreach (var part in new[] { "lists/partial", "archives/partial", "packages" })
            Directory.CreateDirectory(Path.Combine(apt, part));
        await File.WriteAllTextAsync(
            Path.Combine(apt, "sources.list"),
            repository.ToSourcesList(AptArchitecture.Native),
            cancellation
        );
        await File.WriteAllTextAsync(Path.Combine(apt, "status"), "", cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(apt, "apt.conf"),
            await ConfigurationAsync(apt, cancellation),
            cancellation
        );

        await RunAsync("apt-get", ["--quiet", "--error-on=any", "update"], apt, cancellation);
        await RunAsync("apt-get", ["--quiet", "download", .. await choose(apt)], apt, cancellation);
        foreach (var package in Directory.EnumerateFiles(Path.Combine(apt, "packages"), "*.deb"))
            await RunAsync("dpkg-deb", ["--extract", package, folder], apt, cancellation);

        Directory.Delete(apt, recursive: true);
    }

    /// <summary>
    /// apt reads only this configuration file: the hooks that a machine's apt.conf.d runs after an update (emptying
    /// caches, refreshing other indices) must not run. Network settings (proxies, timeouts) are copied.
    /// </summary>
    private static async Task<string> ConfigurationAsync(string apt, CancellationToken cancellation)
    {
        var machine = await Command.RunAsync(
            "apt-config",
            ["dump"],
            TimeSpan.FromSeconds(10),
            cancellation: cancellation
        );
        var network = machine
            .OutputOrThrow()
            .Split('\n')
            .Where(line =>
                line.StartsWith("Acquire::", StringComparison.Ordinal)
                && !line.StartsWith("Acquire::IndexTargets", StringComparison.Ordinal)
                && !line.StartsWith("Acquire::Languages", StringComparison.Ordinal)
            );

        return new StringBuilder()
            .AppendJoin('\n', network)
            .AppendLine()
            .AppendLine(
                $"""
                Dir::Etc::Main "/dev/null";
                Dir::Etc::Parts "/dev/null";
                Dir::Etc::SourceList "{apt}/sources.list";
                Dir::Etc::SourceParts "/dev/null";
                Dir::Etc::Preferences "/dev/null";
                Dir::Etc::PreferencesParts "/dev/null";
                Dir::State "{apt}";
                Dir::State::Lists "{apt}/lists";
                Dir::State::Status "{apt}/status";
                Dir::Cache "{apt}";
                Dir::Cache::Archives "{apt}/archives";
                Dir::Log "{apt}";
                Acquire::Languages "none";
                APT::Architecture "{AptArchitecture.Native}";
                APT::Sandbox::User "{Environment.UserName}";
                """
            )
            .ToString();
    }

    private static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string apt,
        CancellationToken cancellation
    )
    {
        var environment = new Dictionary<string, string>
        {
            ["APT_CONFIG"] = Path.Combine(apt, "apt.conf"),
            ["LC_ALL"] = "C",
        };
        var result = await Command.RunAsync(
            program,
            arguments,
            Deadline,
            Path.Combine(apt, "packages"),
            environment,
            cancellation
        );
        return result.OutputOrThrow();
    }
}
