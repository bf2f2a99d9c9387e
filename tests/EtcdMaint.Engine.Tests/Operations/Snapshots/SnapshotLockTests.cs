using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Safety.Locks;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Snapshots;

/// <summary>
/// The lock of a snapshot with the locks of other runs on other machines. The lock file of this machine is real.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class SnapshotLockTests : IDisposable
{
    private readonly LockPlay _play = new(1);

    public void Dispose()
    {
        LockFolders.Clear(_play.Cluster.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_snapshot_waits_for_a_defragmentation_that_holds_the_lock(bool isArmed) =>
        PlayAsync(async () =>
        {
            _play.Arm(isArmed);
            LockActor defragmenting = _play.Add(isReliable: true);
            LockActor saving = _play.Add(isReliable: true);
            Task run = defragmenting.RunAsync(TimeSpan.Zero, [TimeSpan.FromMinutes(3)]);
            await Task.Delay(TimeSpan.FromSeconds(1), _play.Time);
            await using (RunLock held = await saving.TakeForSnapshotAsync())
            {
                Assert.True(run.IsCompleted);
                Assert.True(held.HasClusterLock);
            }
            Assert.StartsWith("SnapshotWaits: ", Assert.Single(saving.Pipeline.Warnings), StringComparison.Ordinal);
            Assert.Empty(_play.Locks);
        });

    [Fact]
    public Task A_snapshot_gives_up_after_half_an_hour() =>
        PlayAsync(async () =>
        {
            _play.Cluster.Keys.Create(KeyLock.Key, LockHolder.Me(_play.Time).ToJson(), 0);
            LockActor saving = _play.Add(isReliable: true);
            EtcdException taken = await Assert.ThrowsAsync<EtcdException>(() => saving.TakeForSnapshotAsync());
            Assert.Equal("LockTaken", taken.ErrorId);
            Assert.InRange(_play.Time.Now, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(31));
            Assert.Single(saving.Pipeline.Warnings);
        });

    [Fact]
    public Task A_snapshot_does_not_wait_within_the_run_that_holds_the_lock() =>
        PlayAsync(async () =>
        {
            await using RunLock held = await _play.Add(isReliable: true).TakeAsync();
            LockActor saving = _play.Add(isReliable: true);
            EtcdException taken = await Assert.ThrowsAsync<EtcdException>(() =>
                saving.TakeForSnapshotAsync(mayWait: false)
            );
            Assert.Equal("LockTaken", taken.ErrorId);
            Assert.True(_play.Time.Now < TimeSpan.FromSeconds(1));
        });

    [Fact]
    public Task A_user_without_write_permission_continues_without_a_lock_and_without_a_warning() =>
        PlayAsync(async () =>
        {
            _play.Arm(true);
            _play.Cluster.ForbidsRoles = true;
            LockActor saving = _play.Add(isReliable: true);
            await using RunLock none = await saving.TakeForSnapshotAsync();
            Assert.False(none.HasClusterLock);
            Assert.Empty(saving.Pipeline.Warnings);
        });

    [Fact]
    public Task A_cluster_on_which_no_lock_is_possible_does_not_prevent_the_snapshot() =>
        PlayAsync(async () =>
        {
            _play.Cluster.Arm(_play.Cluster.Members[0], EtcdAlarmType.Corrupt);
            LockActor saving = _play.Add(isReliable: true);
            await using RunLock none = await saving.TakeForSnapshotAsync();
            Assert.False(none.HasClusterLock);
            Assert.Empty(saving.Pipeline.Warnings);
        });

    private Task PlayAsync(Func<Task> story) => OwnThread.Run(() => _play.Run(story));
}
