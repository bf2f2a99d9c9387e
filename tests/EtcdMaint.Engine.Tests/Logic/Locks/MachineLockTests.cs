using EtcdMaint.Engine.Maintenance.Locks;

namespace EtcdMaint.Engine.Tests.Logic.Locks;

public sealed class MachineLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-logic-");

    private static LockHolder Me => LockHolder.Me(TimeProvider.System);

    private string LockPath => Path.Combine(_folder.FullName, "etcdmaint-c1.lock");

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
    public void Everybody_may_open_the_file()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }
        using MachineLock? taken = Take(Me);
        foreach (FileInfo file in _folder.GetFiles())
            Assert.Equal("666", Convert.ToString((int)File.GetUnixFileMode(file.FullName), 8));
    }

    [Fact]
    public void No_link_is_followed()
    {
        string target = Path.Combine(_folder.FullName, "precious");
        File.WriteAllText(target, "as it was");
        File.CreateSymbolicLink(LockPath, target);
        Assert.Equal("LockTaken", Assert.Throws<EtcdException>(() => Take(Me)).ErrorId);
        Assert.Equal("as it was", File.ReadAllText(target));
    }

    [Fact]
    public void A_link_that_leads_nowhere_counts_as_taken_too()
    {
        File.CreateSymbolicLink(LockPath, Path.Combine(_folder.FullName, "nothing"));
        Assert.Equal("LockTaken", Assert.Throws<EtcdException>(() => Take(Me)).ErrorId);
    }

    [Fact]
    public void A_link_beside_it_is_left_alone()
    {
        string target = Path.Combine(_folder.FullName, "precious");
        File.WriteAllText(target, "as it was");
        File.CreateSymbolicLink(Path.ChangeExtension(LockPath, ".json"), target);
        using MachineLock? taken = Take(Me);
        Assert.NotNull(taken);
        Assert.Equal("as it was", File.ReadAllText(target));
    }

    [Fact]
    public void What_cannot_be_opened_counts_as_taken()
    {
        Directory.CreateDirectory(LockPath);
        EtcdException? taken = Record.Exception(() => Take(Me)) as EtcdException;
        Assert.Equal("LockTaken", taken?.ErrorId);
    }

    [Fact]
    public void A_holder_that_cannot_be_read_is_said_to_be_unknown()
    {
        using MachineLock? taken = Take(Me);
        File.WriteAllText(Path.ChangeExtension(LockPath, ".json"), "{ not json");
        Assert.Contains("not known", Assert.Throws<EtcdException>(() => Take(Me)).Message, StringComparison.Ordinal);
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
