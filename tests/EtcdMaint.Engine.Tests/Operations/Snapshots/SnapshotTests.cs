using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Safety.Locks;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Snapshots;

/// <summary>Snapshots are accepted by etcd's own tool and never leave partial files behind.</summary>
[Trait("Kind", "Real")]
public sealed class SnapshotTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-snapshot-").FullName;

    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_snapshot_is_complete_private_and_readable_by_etcd(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );
        await real.Etcd.Loader.LoadAsync(20_000_000, 1_000_000, cancellation: Cancellation);

        EtcdSnapshot? snapshot = await SaveAsync(real, _folder);
        Assert.NotNull(snapshot);
        output.WriteLine($"{snapshot} {snapshot.SizeBytes} {snapshot.Sha256} {snapshot.Duration}");
        Assert.Matches(@"test-\d{8}T\d{6}Z-\d+\.db$", snapshot.Path);
        Assert.Equal(new FileInfo(snapshot.Path).Length, snapshot.SizeBytes);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(snapshot.Path));
        Assert.NotEqual((await real.Etcd.LeaderAsync(Cancellation)).Id, snapshot.MemberId);
        CommandResult status = await real.Etcd.SnapshotStatusAsync(snapshot.Path, "-w", "json");
        Assert.Contains($"\"revision\":{snapshot.Revision}", status.OutputOrThrow(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task An_existing_file_is_kept_and_an_interrupted_snapshot_leaves_nothing()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions());
        await real.Etcd.Loader.LoadAsync(20_000_000, 1, cancellation: Cancellation);
        string path = Path.Combine(_folder, "mine.db");
        await File.WriteAllTextAsync(path, "precious", Cancellation);

        EtcdException exists = await Assert.ThrowsAnyAsync<EtcdException>(() => SaveAsync(real, path));
        Assert.Equal("SnapshotExists", exists.ErrorId);
        EtcdException nowhere = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            SaveAsync(real, Path.Combine(_folder, "no", "such.db"))
        );
        Assert.Equal("SnapshotFolderNotFound", nowhere.ErrorId);
        Assert.Equal("precious", await File.ReadAllTextAsync(path, Cancellation));

        await using var proxy = NetworkProxy.Start(real.Etcd.Members[0]);
        EtcdConnection through = await RealCluster.ConnectAsync(
            RealCluster.RequestFor(real.Etcd) with
            {
                Endpoint = [proxy.Url],
                NoDiscovery = true,
                CallTimeout = TimeSpan.FromSeconds(2),
            }
        );
        await using IEtcdCluster cluster = through.Cluster;
        var recorder = new RunRecorder { OnConfirmed = proxy.Cut };
        var request = new SnapshotRequest
        {
            Path = Path.Combine(_folder, "cut.db"),
            CallTimeout = TimeSpan.FromSeconds(2),
        };
        EtcdException cut = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            cluster.SaveSnapshotAsync(request, recorder, Cancellation)
        );
        output.WriteLine(cut.Message);
        Assert.Equal([path], Directory.GetFiles(_folder));

        EtcdSnapshot? forced = await SaveAsync(real, path, force: true);
        Assert.Equal(path, forced?.Path);
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_disk_that_fills_up_leaves_no_partial_file()
    {
        Availability tiny = await TinyDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(tiny.IsAvailable, tiny.Reason);
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions());
        await real.Etcd.Loader.LoadAsync(20_000_000, 1, cancellation: Cancellation);
        await using TinyDisk disk = await TinyDisk.MountAsync(15, Cancellation);

        EtcdException full = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            SaveAsync(real, Path.Combine(disk.FolderPath, "full.db"))
        );
        Assert.Equal("SnapshotUnwritable", full.ErrorId);
        Assert.Empty(Directory.GetFiles(disk.FolderPath));
    }

    [Fact]
    public async Task Two_overlapping_snapshots_each_write_a_separate_file()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions());
        await real.Etcd.Loader.LoadAsync(8_000_000, 1, cancellation: Cancellation);
        string path = Path.Combine(_folder, "same.db");

        await Task.WhenAll(SaveAsync(real, path, force: true), SaveAsync(real, path, force: true));
        (await real.Etcd.SnapshotStatusAsync(path)).OutputOrThrow();
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_snapshot_waits_for_a_run_on_another_machine_and_warns_once(bool isArmed)
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions());
        if (isArmed)
            await LockMachine.ArmAsync(real.Etcd);
        await using var elsewhere = new LockMachine(real.Etcd, byEtcdctl: false);
        RunLock held = await elsewhere.TakeAsync();
        var waiting = new TaskCompletionSource();
        var recorder = new RunRecorder { OnWarned = _ => waiting.TrySetResult() };
        Task<EtcdSnapshot?> save = SaveAsync(real, _folder, recorder: recorder);
        await waiting.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.False(save.IsCompleted);
        Assert.Empty(Directory.GetFiles(_folder));
        await held.DisposeAsync();

        Assert.NotNull(await save);
        Assert.StartsWith("SnapshotWaits: ", Assert.Single(recorder.Warnings), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_snapshot_holds_the_lock_while_it_is_saved_and_a_run_that_starts_then_is_refused()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions());
        EtcdSnapshot? snapshot = await SaveAsync(real, _folder);
        string revision = $"--rev={snapshot!.Revision}";
        Assert.Contains(
            "\"Purpose\":\"Snapshot\"",
            (await real.Etcd.EtcdctlAsync("get", KeyLock.Key, revision)).OutputOrThrow(),
            StringComparison.Ordinal
        );
        Assert.Null(await real.Etcd.KeyValues.GetAsync(KeyLock.Key, cancellation: Cancellation));

        await using var elsewhere = new LockMachine(real.Etcd, byEtcdctl: false);
        await using RunLock held = await elsewhere.TakeAsync(o => o with { Purpose = LockPurpose.Snapshot });
        RunRecorder run = await real.DefragmentAsync();
        EtcdException taken = Assert.Single(run.Errors);
        Assert.Equal("LockTaken", taken.ErrorId);
        Assert.StartsWith("A snapshot of test is being saved", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_that_is_not_confirmed_writes_nothing()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions());
        long before = await real.Etcd.KeyValues.RevisionAsync(Cancellation);
        Assert.Null(await SaveAsync(real, _folder, recorder: new RunRecorder { Answer = (_, _) => false }));
        Assert.Equal(before, await real.Etcd.KeyValues.RevisionAsync(Cancellation));
    }

    [Fact]
    public async Task Force_replaces_the_target_of_a_link_and_only_regular_files()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions());
        await real.Etcd.KeyValues.PutAsync("key", "value", cancellation: Cancellation);
        string pipe = Path.Combine(_folder, "pipe");
        await SpecialFiles.MakePipeAsync(pipe);
        EtcdException refused = await Assert.ThrowsAnyAsync<EtcdException>(() => SaveAsync(real, pipe, force: true));
        Assert.Equal("SnapshotNotRegularFile", refused.ErrorId);
        Assert.Equal(FileKind.NamedPipe, SpecialFiles.KindOf(pipe));

        string target = Path.Combine(_folder, "target.db");
        string link = Path.Combine(_folder, "link.db");
        await File.WriteAllTextAsync(target, "old", Cancellation);
        File.CreateSymbolicLink(link, "target.db");
        Assert.Equal(
            "SnapshotExists",
            (await Assert.ThrowsAnyAsync<EtcdException>(() => SaveAsync(real, link))).ErrorId
        );
        Assert.Equal(link, (await SaveAsync(real, link, force: true))!.Path);
        Assert.Equal("target.db", new FileInfo(link).LinkTarget);
        (await real.Etcd.SnapshotStatusAsync(target)).OutputOrThrow();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task The_only_remaining_member_gives_a_snapshot_with_a_warning()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        await real.Etcd.KeyValues.PutAsync("key", "value", cancellation: Cancellation);
        await Task.WhenAll(real.Etcd.Members.Skip(1).Select(member => member.KillAsync(Cancellation)));

        var recorder = new RunRecorder();
        EtcdSnapshot? snapshot = await SaveAsync(real, _folder, recorder: recorder);
        Assert.Equal(real.Etcd.Members[0].Name, snapshot?.MemberName);
        Assert.StartsWith("SnapshotMayLag: ", Assert.Single(recorder.Warnings), StringComparison.Ordinal);
        (await real.Etcd.SnapshotStatusAsync(snapshot!.Path)).OutputOrThrow();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<EtcdSnapshot?> SaveAsync(
        RealCluster real,
        string path,
        bool force = false,
        RunRecorder? recorder = null
    ) =>
        real.Cluster.SaveSnapshotAsync(
            new SnapshotRequest
            {
                Path = path,
                Force = force,
                CallTimeout = RealCluster.Timeout,
            },
            recorder ?? new RunRecorder(),
            Cancellation
        );
}
