using System.Globalization;

namespace EtcdMaint.TestCluster;

/// <summary>A file system of a few megabytes, to test a full disk. Mounting it requires root.</summary>
public sealed class TinyDisk : IAsyncDisposable
{
    private static readonly TimeSpan MountTimeout = TimeSpan.FromSeconds(10);

    private readonly ThrowAwayFolder _folder;

    private TinyDisk(ThrowAwayFolder folder) => _folder = folder;

    public string FolderPath => _folder.Combine("disk");

    public long FreeBytes => new DriveInfo(FolderPath).AvailableFreeSpace;

    public static async Task<Availability> CheckAsync(CancellationToken cancellation = default)
    {
        if (!OperatingSystem.IsLinux())
            return Availability.No("Small file systems are made on Linux only.");
        try
        {
            await using var disk = await MountAsync(1, cancellation);
            return Availability.Yes;
        }
        catch (InvalidOperationException error)
        {
            return Availability.No($"No small file system can be mounted: {error.Message}");
        }
    }

    /// <exception cref="InvalidOperationException">It could not be mounted.</exception>
    public static async Task<TinyDisk> MountAsync(int megabytes, CancellationToken cancellation = default)
    {
        var disk = new TinyDisk(ThrowAwayFolder.Create("disk"));
        Directory.CreateDirectory(disk.FolderPath);
        disk._folder.RememberMount(disk.FolderPath);
        var size = megabytes.ToString(CultureInfo.InvariantCulture);
        try
        {
            var mounted = await Command.RunAsync(
                Command.Find("mount") ?? "mount",
                ["-t", "tmpfs", "-o", $"size={size}m,mode=0700", "tmpfs", disk.FolderPath],
                MountTimeout,
                cancellation: cancellation
            );
            mounted.OutputOrThrow();
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
