using EtcdMaint.Engine.Maintenance.Locks;

namespace EtcdMaint.Engine.Tests.Logic.Locks;

public sealed class MachineLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-logic-");

    private static LockHolder Me => LockHolder.Me(TimeProvider.System);

    [Fact]
    public void A_second_run_is_told_who_holds_it_until_the_first_lets_go()
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

    [Fact]
    public void Another_cluster_has_another_lock()
    {
        using MachineLock? one = Take(Me);
        using MachineLock? other = MachineLock.Take("c2", "other", Me, _folder.FullName);
        Assert.NotNull(other);
    }

    [Fact]
    public void Without_the_folder_there_is_no_lock() =>
        Assert.Null(MachineLock.Take("c1", "one", Me, Path.Combine(_folder.FullName, "missing")));

    [Fact]
    public void A_holder_survives_its_way_through_json()
    {
        LockHolder me = Me;
        Assert.Equal(me, LockHolder.Read(me.ToJson()));
        Assert.Null(LockHolder.Read([]));
        Assert.Null(LockHolder.Read("[]"u8));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private MachineLock? Take(LockHolder me) => MachineLock.Take("c1", "one", me, _folder.FullName);
}
