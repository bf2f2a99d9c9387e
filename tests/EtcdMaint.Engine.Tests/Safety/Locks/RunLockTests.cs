using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Simulation;
using EtcdMaint.Engine.Tests.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>The locks of one run on a simulated cluster, and how another run sees them.</summary>
[Collection<SimulatedClusters>]
public sealed class RunLockTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-locks-");
    private readonly LockPlay _play = new(1);

    private LockOptions OwnMachine =>
        new() { MachineFolder = _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName };

    private SimulatedCluster Cluster => _play.Cluster;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task A_run_takes_a_key_and_deletes_it_at_the_end() =>
        PlayAsync(async () =>
        {
            LockActor actor = _play.Add(isReliable: true);
            await using (RunLock held = await actor.TakeAsync(OwnMachine))
            {
                await held.ProveAsync(0, CancellationToken.None);
                Assert.True(held.HasClusterLock);
                Assert.Equal([KeyLock.Key], _play.Locks);
            }
            Assert.Empty(_play.Locks);
            Assert.Empty(actor.Pipeline.Warnings);
        });

    [Fact]
    public Task A_run_takes_roles_while_NOSPACE_is_armed_and_deletes_them_at_the_end() =>
        PlayAsync(async () =>
        {
            _play.Arm(true);
            LockActor actor = _play.Add(isReliable: true);
            await using (RunLock held = await actor.TakeAsync(OwnMachine))
            {
                Assert.True(held.HasClusterLock);
                Assert.Equal(["etcdmaint-lock-1", HolderName()], Cluster.Roles);
                Assert.Contains(
                    $"{Environment.UserName}@{Environment.MachineName}/{Environment.ProcessId}/2026-01-01T00:00:",
                    HolderName(),
                    StringComparison.Ordinal
                );
                string before = HolderName();
                await held.ProveAsync(0, CancellationToken.None);
                Assert.NotEqual(before, HolderName());
                Assert.Equal(2, Cluster.Roles.Count);
            }
            Assert.Empty(_play.Locks);
            Assert.Empty(actor.Pipeline.Warnings);
        });

    [Fact]
    public Task Without_permission_to_change_roles_there_is_no_lock_during_NOSPACE_and_the_warning_says_why() =>
        PlayAsync(async () =>
        {
            _play.Arm(true);
            Cluster.ForbidsRoles = true;
            LockActor actor = _play.Add(isReliable: true);
            await using RunLock none = await actor.TakeAsync(OwnMachine);
            Assert.False(none.HasClusterLock);
            string warning = Assert.Single(actor.Pipeline.Warnings);
            Assert.StartsWith("LockIncomplete: ", warning, StringComparison.Ordinal);
            Assert.Contains(
                "etcd refuses writes (NOSPACE), and the user may not add roles, so no lock could be set",
                warning,
                StringComparison.Ordinal
            );

            EtcdException refused = await Assert.ThrowsAsync<EtcdException>(() =>
                _play.Add(isReliable: true).TakeAsync(OwnMachine with { Require = true })
            );
            Assert.Equal("LockIncomplete", refused.ErrorId);
        });

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public Task The_key_of_another_run_is_read_by_runs_that_write_none(bool isArmed, bool forbidsRoles) =>
        PlayAsync(async () =>
        {
            await using RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine);
            _play.Arm(isArmed);
            Cluster.ForbidsRoles = forbidsRoles;
            int written = Cluster.Log.Writes.Count();
            foreach (bool skips in new[] { true, false })
            {
                EtcdException taken = await TakenAsync(
                    _play.Add(isReliable: true),
                    OwnMachine with
                    {
                        SkipCluster = skips,
                    }
                );
                Assert.Contains(
                    $"key {KeyLock.Key}): {Environment.UserName} on {Environment.MachineName}",
                    taken.Message,
                    StringComparison.Ordinal
                );
            }
            Assert.Equal(written, Cluster.Log.Writes.Count());
            await held.ProveAsync(0, CancellationToken.None);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_run_that_writes_no_lock_notices_one_that_appears_later(bool isArmed) =>
        PlayAsync(async () =>
        {
            _play.Arm(isArmed);
            await using RunLock none = await _play
                .Add(isReliable: true)
                .TakeAsync(OwnMachine with { SkipCluster = true });
            await none.ProveAsync(0, CancellationToken.None);
            await using RunLock other = await _play.Add(isReliable: true).TakeAsync(OwnMachine);
            EtcdException taken = await Assert.ThrowsAsync<EtcdException>(() =>
                none.ProveAsync(0, CancellationToken.None)
            );
            Assert.Equal("LockTaken", taken.ErrorId);
        });

    [Fact]
    public Task A_key_is_kept_when_NOSPACE_is_armed_during_the_run() =>
        PlayAsync(async () =>
        {
            await using RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine);
            _play.Arm(true);
            await Task.Delay(10 * Minute, _play.Time);
            await held.ProveAsync(0, CancellationToken.None);
            Assert.Equal([KeyLock.Key], _play.Locks);
            await TakenAsync(_play.Add(isReliable: true), OwnMachine);
        });

    [Fact]
    public Task Roles_still_exclude_other_runs_when_NOSPACE_is_cleared_during_the_run() =>
        PlayAsync(async () =>
        {
            _play.Arm(true);
            await using RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine);
            _play.Arm(false);
            await Task.Delay(10 * Minute, _play.Time);
            EtcdException taken = await TakenAsync(_play.Add(isReliable: true), OwnMachine);
            Assert.Contains("role etcdmaint-lock-1", taken.Message, StringComparison.Ordinal);
            await held.ProveAsync(0, CancellationToken.None);
            Assert.Empty(Cluster.Keys.Keys);
        });

    [Fact]
    public Task The_key_of_a_run_that_missed_the_roles_ends_the_first_run_before_its_next_member() =>
        PlayAsync(async () =>
        {
            _play.Arm(true);
            await using RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine);
            _play.Arm(false);
            Cluster.Keys.Create(KeyLock.Key, LockHolder.Me(_play.Time).ToJson(), Cluster.Keys.Grant(Minute));
            EtcdException taken = await Assert.ThrowsAsync<EtcdException>(() =>
                held.ProveAsync(0, CancellationToken.None)
            );
            Assert.Equal("LockTaken", taken.ErrorId);
        });

    [Fact]
    public Task A_role_whose_reply_was_lost_belongs_to_the_run() =>
        PlayAsync(async () =>
        {
            _play.Arm(true);
            CutWhen(() => Cluster.Roles.Count > 0);
            await using (RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine))
            {
                Assert.True(held.HasClusterLock);
                await held.ProveAsync(0, CancellationToken.None);
            }
            Assert.Empty(_play.Locks);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task The_lock_of_a_killed_run_is_removed_by_the_next_run_with_either_kind_of_lock(bool isArmed) =>
        PlayAsync(async () =>
        {
            Cluster.Roles.Add("etcdmaint-lock-3");
            Cluster.Roles.Add(new RoleName(3, LockHolder.Me(_play.Time), 2 * Minute, 7).ToString());
            Cluster.Roles.Add("etcdmaint-lock-2");
            Cluster.Roles.Add("ordinary");
            _play.Arm(isArmed);
            LockActor actor = _play.Add(isReliable: true);
            await using (await actor.TakeAsync(OwnMachine))
                Assert.True(_play.Time.Now >= 2 * Minute, $"It was considered abandoned after {_play.Time.Now}.");
            Assert.Equal(["ordinary"], _play.Locks);
            Assert.StartsWith("LockAbandoned: ", Assert.Single(actor.Pipeline.Warnings), StringComparison.Ordinal);
        });

    [Fact]
    public Task A_lock_with_a_very_long_time_to_live_is_watched_for_that_time() =>
        PlayAsync(async () =>
        {
            _play.Arm(true);
            Cluster.Roles.Add(new RoleName(1, LockHolder.Me(_play.Time), 40 * Minute, 0).ToString());
            await using RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine);
            Assert.InRange(_play.Time.Now, 40 * Minute, 41 * Minute);
        });

    [Fact]
    public Task A_run_that_writes_no_lock_ignores_abandoned_locks_and_removes_nothing() =>
        PlayAsync(async () =>
        {
            Cluster.Roles.Add("etcdmaint-lock-1");
            await using RunLock none = await _play
                .Add(isReliable: true)
                .TakeAsync(OwnMachine with { SkipCluster = true });
            await none.ProveAsync(0, CancellationToken.None);
            Assert.Equal(["etcdmaint-lock-1"], _play.Locks);
            Assert.Empty(Cluster.Log.Writes);
        });

    [Fact]
    public Task A_role_that_cannot_be_parsed_counts_as_taken_indefinitely() =>
        PlayAsync(async () =>
        {
            Cluster.Roles.Add("etcdmaint-lock-of-tomorrow");
            await Task.Delay(60 * Minute, _play.Time);
            EtcdException taken = await TakenAsync(_play.Add(isReliable: true), OwnMachine);
            Assert.Contains("role etcdmaint-lock-of-tomorrow", taken.Message, StringComparison.Ordinal);
        });

    [Fact]
    public Task A_run_that_is_stopped_while_it_watches_another_one_writes_nothing() =>
        PlayAsync(async () =>
        {
            Cluster.Roles.Add("etcdmaint-lock-1");
            using var stop = new CancellationTokenSource();
            _play.Time.After(Minute / 2, stop.Cancel);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                _play.Add(isReliable: true).TakeUntilAsync(stop.Token, OwnMachine)
            );
            Assert.Empty(Cluster.Log.Writes);
        });

    [Fact]
    public Task A_lock_that_was_removed_manually_is_lost() =>
        PlayAsync(async () =>
        {
            _play.Arm(true);
            await using (RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine))
            {
                Cluster.Roles.Clear();
                EtcdException lost = await Assert.ThrowsAsync<EtcdException>(() =>
                    held.ProveAsync(0, CancellationToken.None)
                );
                Assert.Equal("LockLost", lost.ErrorId);
            }
            Assert.Empty(_play.Locks);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Both_locks_are_kept_until_a_pending_call_has_ended(bool isArmed) =>
        PlayAsync(async () =>
        {
            _play.Arm(isArmed);
            LockOptions here = OwnMachine;
            var call = new TaskCompletionSource();
            RunLock held = await _play.Add(isReliable: true).TakeAsync(here);
            held.MarkBusy(Cluster.Members[0].Id);
            held.KeepUntilEnded(call.Task);
            await held.DisposeAsync();

            await Task.Delay(10 * Minute, _play.Time);
            Assert.NotEmpty(_play.Locks);
            await TakenAsync(_play.Add(isReliable: true), here);
            await TakenAsync(_play.Add(isReliable: true), OwnMachine);
            call.SetResult();
            await Task.Delay(Minute / 6, _play.Time);
            Assert.Empty(_play.Locks);
            await using RunLock next = await _play.Add(isReliable: true).TakeAsync(here);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_pending_call_with_an_unknown_outcome_leaves_the_cluster_lock_to_expire(bool isArmed) =>
        PlayAsync(async () =>
        {
            _play.Arm(isArmed);
            var call = new TaskCompletionSource();
            RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine);
            held.KeepUntilEnded(call.Task);
            await held.DisposeAsync();
            call.SetException(MemberCallException.Create(CallFailure.TimedOut, new MemberAddress("m0")));
            await Task.Delay(Minute / 6, _play.Time);
            Assert.NotEmpty(_play.Locks);

            // The key expires. The roles are watched, and then taken over.
            await Task.Delay(isArmed ? TimeSpan.Zero : Minute, _play.Time);
            await using (await _play.Add(isReliable: true).TakeAsync(OwnMachine))
                Assert.True(_play.Time.Now > Minute);
            Assert.Empty(_play.Locks);
        });

    [Fact]
    public Task A_pending_call_that_etcd_refused_frees_the_lock_at_once() =>
        PlayAsync(async () =>
        {
            RunLock held = await _play.Add(isReliable: true).TakeAsync(OwnMachine);
            held.KeepUntilEnded(
                Task.FromException(MemberCallException.Create(CallFailure.NotSent, new MemberAddress("m0")))
            );
            await held.DisposeAsync();
            Assert.Empty(_play.Locks);
        });

    [Fact]
    public Task The_lock_of_a_snapshot_says_that_it_is_for_a_snapshot() =>
        PlayAsync(async () =>
        {
            foreach (bool isArmed in new[] { false, true })
            {
                _play.Arm(isArmed);
                await using RunLock held = await _play
                    .Add(isReliable: true)
                    .TakeAsync(OwnMachine with { Purpose = LockPurpose.Snapshot });
                EtcdException taken = await TakenAsync(_play.Add(isReliable: true), OwnMachine);
                Assert.StartsWith("A snapshot of simulated is being saved", taken.Message, StringComparison.Ordinal);
            }
        });

    private static async Task<EtcdException> TakenAsync(LockActor actor, LockOptions options)
    {
        EtcdException taken = await Assert.ThrowsAsync<EtcdException>(() => actor.TakeAsync(options));
        Assert.Equal("LockTaken", taken.ErrorId);
        return taken;
    }

    private string HolderName() => Cluster.Roles.Single(r => RoleName.Read(r)?.Holder is not null);

    /// <summary>Disconnects the first member as soon as a condition holds, so that its answer is lost.</summary>
    private void CutWhen(Func<bool> isSo) =>
        _play.Time.After(
            TimeSpan.FromMilliseconds(0.1),
            () =>
            {
                if (isSo())
                    Cluster.Members[0].Set(NetworkState.BlackHole);
                else
                    CutWhen(isSo);
            }
        );

    private Task PlayAsync(Func<Task> story) => OwnThread.Run(() => _play.Run(story));
}
