using System.Collections.Concurrent;

namespace EtcdMaint.TestCluster;

/// <summary>The etcd releases for the tests, found on this machine or downloaded into the cache.</summary>
public static class EtcdReleases
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<ReleaseLookup>>> Lookups = new();

    /// <summary>The releases that the project is tested with, oldest first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["3.4", "3.5.16", "3.5.30", "3.6", "3.7"];

    /// <summary>Looks up a release, once per process.</summary>
    /// <param name="release">Any leading part of a version, such as "3.4" or "3.5.16".</param>
    public static Task<ReleaseLookup> FindAsync(string release) =>
        Lookups.GetOrAdd(release, name => new(() => SearchAsync(name))).Value;

    /// <summary>All of <see cref="Names"/>; missing releases with the reason.</summary>
    public static Task<ReleaseLookup[]> AllAsync() => Task.WhenAll(Names.Select(FindAsync));

    /// <summary>etcd from ETCDMAINT_ETCD or PATH, otherwise the newest available release.</summary>
    public static async Task<EtcdBinaries> DefaultAsync()
    {
        if (await LocalEtcd.FindAsync() is { } local)
            return local;

        var lookups = new List<ReleaseLookup>();
        foreach (var name in Names.Reverse())
        {
            var lookup = await FindAsync(name);
            if (lookup.IsAvailable)
                return lookup.Binaries;
            lookups.Add(lookup);
        }
        throw new InvalidOperationException(string.Join(' ', lookups.Select(lookup => lookup.Reason)));
    }

    private static async Task<ReleaseLookup> SearchAsync(string release)
    {
        try
        {
            if (await LocalEtcd.FindAsync(release) is { } local)
                return ReleaseLookup.Found(release, local);

            return await DownloadedEtcd.FindAsync(release);
        }
        catch (Exception error)
            when (error is InvalidOperationException or TimeoutException or IOException or HttpRequestException)
        {
            return ReleaseLookup.Missing(release, error.Message);
        }
    }
}
