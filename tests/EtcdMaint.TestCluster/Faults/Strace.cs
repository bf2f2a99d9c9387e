namespace EtcdMaint.TestCluster;

/// <summary>strace of this machine, or from its distribution's packages in the cache.</summary>
internal sealed record Strace(string Program, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly Lazy<Task<Strace>> Found = new(FindAsync);

    public static Task<Strace> GetAsync() => Found.Value;

    internal static async Task<Strace> UnpackAsync()
    {
        var folder = await Cache.GetAsync(
            $"strace/{OperatingSystemRelease.Current.Codename}-{AptArchitecture.Native}",
            (target, cancellation) =>
                AptPackages.UnpackWithLibrariesAsync(AptRepository.OfThisMachine(), "strace", target, cancellation),
            CancellationToken.None
        );
        var libraries = new[] { "lib", "usr/lib" }
            .Select(part => Path.Combine(folder, part))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories);
        return new Strace(
            Path.Combine(folder, "usr", "bin", "strace"),
            new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = string.Join(':', libraries) }
        );
    }

    private static async Task<Strace> FindAsync() =>
        Command.Find("strace") is { } installed
            ? new Strace(installed, new Dictionary<string, string>())
            : await UnpackAsync();
}
