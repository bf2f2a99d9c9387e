namespace EtcdMaint.TestCluster;

/// <summary>Downloads that outlive a test run: in ETCDMAINT_CACHE, otherwise in the user's cache folder.</summary>
internal static class Cache
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public static string Root =>
        Variable("ETCDMAINT_CACHE")
        ?? Path.Combine(
            Variable("XDG_CACHE_HOME")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "etcdmaint"
        );

    /// <summary>
    /// A folder of the cache, filled if it is missing. It appears atomically and complete; if several processes need
    /// it, one fills it and the others wait.
    /// </summary>
    public static async Task<string> GetAsync(
        string name,
        Func<string, CancellationToken, Task> fill,
        CancellationToken cancellation
    )
    {
        var folder = Path.Combine(Root, name);
        if (Directory.Exists(folder))
            return folder;

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await using var turn = await TakeTurnAsync(folder + ".lock", cancellation);
        if (Directory.Exists(folder))
            return folder;

        // The holder of the lock is alone, so an existing partial folder belongs to a process that was killed.
        var part = folder + ".part";
        if (Directory.Exists(part))
            Directory.Delete(part, recursive: true);
        Directory.CreateDirectory(part);
        await fill(part, cancellation);
        Directory.Move(part, folder);
        return folder;
    }

    private static async Task<FileStream> TakeTurnAsync(string file, CancellationToken cancellation)
    {
        FileStream? turn = null;
        await Poll.UntilAsync(
            () =>
            {
                try
                {
                    turn = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    return true;
                }
                catch (IOException)
                {
                    return false;
                }
            },
            Deadline,
            $"the lock {file} became free",
            cancellation
        );
        return turn!;
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
