using System.Globalization;
using System.Runtime.InteropServices;
using EtcdMaint.Engine.Safety.Locks;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

public sealed class MachineLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-logic-");

    private static LockHolder Me => LockHolder.Me(TimeProvider.System);

    [Fact]
    public void A_second_run_is_told_the_holder_until_the_first_run_releases_the_lock()
    {
        LockHolder me = Me;
        using (Take(me))
        {
            EtcdException taken = Assert.Throws<EtcdException>(() => Take(Me));
            Assert.Equal("LockTaken", taken.ErrorId);
            Assert.Contains($"process {Environment.ProcessId}", taken.Message, StringComparison.Ordinal);
        }
        Take(Me)!.Dispose();
    }

    /// <summary>Like the copy in a child process that another thread is just starting.</summary>
    [Fact]
    public void A_released_lock_is_free_although_a_copy_of_its_descriptor_is_open()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The test finds the descriptor in /proc.");
        MachineLock first = Take(Me)!;
        string path = Assert.Single(_folder.GetFiles()).FullName;
        string descriptor = Directory.GetFiles("/proc/self/fd").First(f => new FileInfo(f).LinkTarget == path);
        using var copy = new SafeFileHandle(
            dup(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture)),
            ownsHandle: true
        );
        Assert.False(copy.IsInvalid);
        first.Dispose();
        Take(Me)!.Dispose();
    }

    [Fact]
    public void Another_cluster_has_a_different_lock()
    {
        using MachineLock? one = Take(Me);
        using MachineLock? other = MachineLock.Take("c2", "other", Me, _folder.FullName);
        Assert.NotNull(other);
    }

    [Fact]
    public void Without_the_folder_there_is_no_lock() =>
        Assert.Null(MachineLock.Take("c1", "one", Me, LockFolders.Impossible));

    [Fact]
    public void A_holder_can_be_written_as_JSON_and_read_back()
    {
        LockHolder me = Me;
        Assert.Equal(me, LockHolder.Read(me.ToJson()));
        Assert.Null(LockHolder.Read([]));
        Assert.Null(LockHolder.Read("[]"u8));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [DllImport("libc")]
    private static extern int dup(int descriptor);

    private MachineLock? Take(LockHolder me) => MachineLock.Take("c1", "one", me, _folder.FullName);
}
