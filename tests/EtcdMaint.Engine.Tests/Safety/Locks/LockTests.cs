using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Client.Etcdctl;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>
/// The lock in real clusters, with and without NOSPACE armed, over gRPC and with etcdctl, from several machines at
/// once.
/// </summary>
[Trait("Kind", "Real")]
public sealed class LockTests
{
    /// <summary>Each release, with etcdctl or over gRPC.</summary>
    public static TheoryData<string, bool> Ways => TestProfile.InTurn(true, false);

    /// <summary>The tests that wait for a time to live; a short test run executes each once.</summary>
    public static TheoryData<string, bool> SlowWays => LongTests.AreWanted ? Ways : new() { { "3.5.16", true } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Ways))]
    public Task Roles_are_added_once_listed_and_deleted_while_NOSPACE_is_armed(string release, bool byEtcdctl) =>
        OnClusterAsync(
            release,
            async etcd =>
            {
                await LockMachine.ArmAsync(etcd);
                await using IMemberClient client = byEtcdctl
                    ? EtcdctlMember.ClientFor(etcd, etcd.Members[0])
                    : EtcdctlMember.GrpcClient(etcd, etcd.Members[0]);
                CallBudget limit = EtcdctlMember.Limit;
                string name = new RoleName(
                    1,
                    LockHolder.Me(TimeProvider.System),
                    TimeSpan.FromSeconds(60),
                    0
                ).ToString();
                Assert.Empty(await client.ListRolesAsync(limit));
                Assert.Equal(
                    CallFailure.NoSpace,
                    (
                        await EtcdctlMember.FailureAsync(() => client.GrantLeaseAsync(TimeSpan.FromMinutes(1), limit))
                    ).Failure
                );

                await client.AddRoleAsync(name, limit);
                Assert.Equal(
                    CallFailure.RoleExists,
                    (await EtcdctlMember.FailureAsync(() => client.AddRoleAsync(name, limit))).Failure
                );
                Assert.Equal([name], await client.ListRolesAsync(limit));
                await client.DeleteRoleAsync(name, limit);
                Assert.Equal(
                    CallFailure.RoleNotFound,
                    (await EtcdctlMember.FailureAsync(() => client.DeleteRoleAsync(name, limit))).Failure
                );
            }
        );

    [Theory]
    [MemberData(nameof(Ways))]
    public Task Exactly_one_of_several_machines_that_start_at_once_gets_the_lock(string release, bool byEtcdctl) =>
        OnClusterAsync(
            release,
            async etcd =>
            {
                LockMachine[] machines = [.. Enumerable.Range(0, 4).Select(_ => new LockMachine(etcd, byEtcdctl))];
                for (int round = 0; round < 6; round++)
                {
                    if (round == 3)
                        await LockMachine.ArmAsync(etcd);
                    (RunLock? Held, EtcdException? Refusal)[] starts = await Task.WhenAll(
                        machines.Select(m => Task.Run(() => m.TryTakeAsync(), Cancellation))
                    );
                    RunLock held = Assert.Single(starts, s => s.Held is not null).Held!;
                    Assert.All(starts.Where(s => s.Held is null), s => Assert.Equal("LockTaken", s.Refusal!.ErrorId));
                    Assert.All(
                        starts.Where(s => s.Held is null),
                        s => Assert.Contains($"process {Environment.ProcessId}", s.Refusal!.Message)
                    );
                    await held.ProveAsync(0, Cancellation);
                    Assert.True(held.HasClusterLock);
                    Assert.Equal(round < 3 ? 0 : 2, (await RolesAsync(etcd)).Count);
                    await held.DisposeAsync();
                    await AssertFreeAsync(etcd);
                }
                foreach (LockMachine machine in machines)
                    await machine.DisposeAsync();
            }
        );

    [Theory]
    [MemberData(nameof(SlowWays))]
    public Task One_machine_takes_over_from_a_killed_holder_and_removes_its_roles(string release, bool byEtcdctl) =>
        OnClusterAsync(
            release,
            async etcd =>
            {
                await LockMachine.ArmAsync(etcd);
                LockHolder dead = new(Guid.NewGuid(), "elsewhere", "ann", 7, DateTimeOffset.UtcNow);
                foreach (
                    RoleName left in new[] { RoleName.Gate(4), new RoleName(4, dead, TimeSpan.FromSeconds(15), 3) }
                )
                    (await etcd.EtcdctlAsync("role", "add", left.ToString())).OutputOrThrow();
                LockMachine[] machines = [.. Enumerable.Range(0, 2).Select(_ => new LockMachine(etcd, byEtcdctl))];
                (RunLock? Held, EtcdException? Refusal)[] starts = await Task.WhenAll(
                    machines.Select(m => Task.Run(() => m.TryTakeAsync(), Cancellation))
                );

                RunLock held = Assert.Single(starts, s => s.Held is not null).Held!;
                Assert.Equal("LockTaken", Assert.Single(starts, s => s.Held is null).Refusal!.ErrorId);
                Assert.All(
                    await RolesAsync(etcd),
                    r => Assert.StartsWith("etcdmaint-lock-5", r, StringComparison.Ordinal)
                );
                Assert.Contains(
                    machines,
                    m =>
                        m.Recorder.Warnings.Any(w =>
                            w.StartsWith("LockAbandoned: The lock of ann on elsewhere", StringComparison.Ordinal)
                        )
                );
                await held.ProveAsync(0, Cancellation);
                await held.DisposeAsync();
                await AssertFreeAsync(etcd);
                foreach (LockMachine machine in machines)
                    await machine.DisposeAsync();
            }
        );

    [Theory]
    [MemberData(nameof(SlowWays))]
    public Task A_key_or_role_lock_is_respected_when_NOSPACE_is_armed_and_cleared(string release, bool byEtcdctl) =>
        OnClusterAsync(
            release,
            async etcd =>
            {
                await using var a = new LockMachine(etcd, byEtcdctl);
                await using var b = new LockMachine(etcd, byEtcdctl);
                await using (RunLock key = await a.TakeAsync())
                {
                    await AssertTakenAsync(b.TryTakeAsync(o => o with { SkipCluster = true }), "key etcdmaint/lock");
                    await LockMachine.ArmAsync(etcd);
                    await AssertTakenAsync(b.TryTakeAsync(), "key etcdmaint/lock");
                    await AssertTakenAsync(b.TryTakeAsync(o => o with { SkipCluster = true }), "key etcdmaint/lock");
                    await key.ProveAsync(0, Cancellation);
                }
                await AssertFreeAsync(etcd);
                await using (RunLock roles = await a.TakeAsync())
                {
                    (await etcd.EtcdctlAsync("alarm", "disarm")).OutputOrThrow();
                    await AssertTakenAsync(b.TryTakeAsync(), "role etcdmaint-lock-1");
                    await roles.ProveAsync(0, Cancellation);
                }
                await AssertFreeAsync(etcd);
            }
        );

    /// <summary>
    /// While NOSPACE is armed, etcd 3.4 and 3.5 let every user change roles; on a release that does not, the refusal
    /// must name the lock.
    /// </summary>
    [Fact]
    public async Task A_user_without_permission_gets_no_lock_or_an_explanation()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Auth = true },
            Cancellation
        );
        await using var machine = new LockMachine(etcd, byEtcdctl: true, ClusterUsers.Limited);
        await using (RunLock none = await machine.TakeAsync())
        {
            Assert.False(none.HasClusterLock);
            await none.ProveAsync(0, Cancellation);
        }
        Assert.Contains(
            "LockIncomplete: The user may not write etcdmaint/lock",
            Assert.Single(machine.Recorder.Warnings),
            StringComparison.Ordinal
        );

        await LockMachine.ArmAsync(etcd);
        await using var second = new LockMachine(etcd, byEtcdctl: true, ClusterUsers.Limited);
        await using (RunLock none = await second.TakeAsync())
            Assert.True(
                none.HasClusterLock
                    || second.Recorder.Warnings.Any(w =>
                        w.Contains(
                            "etcd refuses writes (NOSPACE), and the user may not add roles",
                            StringComparison.Ordinal
                        )
                    )
            );

        await using var root = new LockMachine(etcd, byEtcdctl: true, ClusterUsers.Root);
        await using (RunLock held = await root.TakeAsync())
        {
            Assert.True(held.HasClusterLock);
            await held.ProveAsync(0, Cancellation);
        }
        Assert.DoesNotContain(await RolesAsync(etcd), r => r.StartsWith("etcdmaint", StringComparison.Ordinal));
    }

    private static async Task OnClusterAsync(string release, Func<TestEtcdCluster, Task> story)
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        await story(etcd);
    }

    private static async Task<IReadOnlyList<string>> RolesAsync(TestEtcdCluster etcd) =>
        (await etcd.EtcdctlAsync("role", "list")).OutputOrThrow().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task AssertFreeAsync(TestEtcdCluster etcd)
    {
        Assert.Empty(await RolesAsync(etcd));
        Assert.Null(await etcd.KeyValues.GetAsync(KeyLock.Key, cancellation: Cancellation));
    }

    private static async Task AssertTakenAsync(Task<(RunLock? Held, EtcdException? Refusal)> start, string where)
    {
        EtcdException taken = (await start).Refusal!;
        Assert.Equal("LockTaken", taken.ErrorId);
        Assert.Contains(where, taken.Message, StringComparison.Ordinal);
    }
}
