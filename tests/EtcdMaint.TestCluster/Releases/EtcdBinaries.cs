using System.Text.RegularExpressions;

namespace EtcdMaint.TestCluster;

/// <summary>An etcd server and the etcdctl of the same release.</summary>
/// <param name="Source">A readable description of their origin.</param>
public sealed partial record EtcdBinaries(string Etcd, string Etcdctl, Version Version, string Source)
{
    /// <summary>
    /// The program for <c>snapshot status</c> and <c>snapshot restore</c>, which take the same arguments in both. etcd
    /// 3.5 has etcdutl beside etcdctl; from 3.6 on, only etcdutl has these commands.
    /// </summary>
    /// <exception cref="InvalidOperationException">The program is missing.</exception>
    public string SnapshotTool
    {
        get
        {
            var etcdutl = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Etcd))!, "etcdutl");
            if (File.Exists(etcdutl))
                return etcdutl;
            return Version < new Version(3, 6)
                ? Etcdctl
                : throw new InvalidOperationException(
                    $"{Source}: the file {etcdutl} does not exist, and etcdctl {Version} cannot read a snapshot."
                );
        }
    }

    /// <summary>
    /// Whether the version starts with <paramref name="release"/>, compared number by number: "3.5" covers 3.5.16,
    /// "3.5.1" does not.
    /// </summary>
    public bool Covers(string release) => $"{Version}.".StartsWith($"{release}.", StringComparison.Ordinal);

    public override string ToString() => $"etcd {Version} ({Source})";

    /// <summary>
    /// Uses the binaries of a folder, or of the folder that contains a given binary, and asks them for their version.
    /// </summary>
    /// <exception cref="InvalidOperationException">One of the two is missing or does not run.</exception>
    internal static async Task<EtcdBinaries> ProbeAsync(string path, string source, CancellationToken cancellation)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var etcd = Directory.Exists(path) ? Path.Combine(folder, "etcd") : path;
        var etcdctl = Path.Combine(folder, "etcdctl");
        foreach (var file in new[] { etcd, etcdctl })
        {
            if (!File.Exists(file))
                throw new InvalidOperationException($"{source}: the file {file} does not exist.");
        }

        var result = await Command.RunAsync(etcd, ["--version"], TimeSpan.FromSeconds(10), cancellation: cancellation);
        var version = VersionLine().Match(result.OutputOrThrow());
        return version.Success
            ? new EtcdBinaries(etcd, etcdctl, Version.Parse(version.Groups[1].Value), source)
            : throw new InvalidOperationException($"{source}: {etcd} does not answer like etcd.");
    }

    [GeneratedRegex(@"^etcd Version: (\d+\.\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
