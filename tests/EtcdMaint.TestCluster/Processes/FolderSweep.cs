namespace EtcdMaint.TestCluster;

/// <summary>
/// Removes, once per process, what earlier processes left behind when they and their watchdogs were killed.
/// </summary>
internal static class FolderSweep
{
    public const string KeptMark = "kept";

    /// <summary>A younger folder without an owner may be one that another process is just creating.</summary>
    private static readonly TimeSpan GraceForUnowned = TimeSpan.FromMinutes(1);

    private static readonly Lazy<bool> Swept = new(() =>
    {
        Run();
        return true;
    });

    private static readonly Lazy<string> OwnRoot = new(MakeRoot);

    /// <summary>The parent folder of all temporary folders of this user.</summary>
    public static string Root => OwnRoot.Value;

    public static void RunOnce() => _ = Swept.Value;

    internal static void Run()
    {
        foreach (var folder in Directory.EnumerateDirectories(Root).Where(IsAbandoned))
            Remove(folder);
    }

    /// <summary>Deletes what no process uses. The next run removes what remains.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process may clean up the same folder.
        }
    }

    private static bool IsAbandoned(string folder)
    {
        if (File.Exists(Path.Combine(folder, KeptMark)))
            return false;

        var owner = Path.Combine(folder, "owner");
        if (!File.Exists(owner))
            return DateTime.UtcNow - Directory.GetCreationTimeUtc(folder) > GraceForUnowned;

        return ProcessMark.Parse(ReadOrEmpty(owner)) is { IsAlive: false };
    }

    /// <summary>
    /// Scripts in it are executed, so it must belong to this user if every user can write to its parent.
    /// </summary>
    private static string MakeRoot()
    {
        var root = Path.Combine(Path.GetTempPath(), $"etcdmaint-{Environment.UserName}");
        // On Windows, only this user can write to the parent.
        if (OperatingSystem.IsWindows())
            return Directory.CreateDirectory(root).FullName;

        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var check = Command
            .RunAsync("/bin/sh", ["-c", "[ -O \"$0\" ] && [ ! -L \"$0\" ]", root], TimeSpan.FromSeconds(10))
            .GetAwaiter()
            .GetResult();
        return check.Succeeded ? root : throw new InvalidOperationException($"{root} belongs to another user.");
    }

    private static void Remove(string folder)
    {
        var script = Path.Combine(folder, "remove.sh");
        if (OperatingSystem.IsWindows() || !File.Exists(script))
        {
            Delete(folder);
            return;
        }
        try
        {
            Command.RunAsync("/bin/sh", [script], TimeSpan.FromSeconds(15)).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            // The next run removes what remains.
        }
    }

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
