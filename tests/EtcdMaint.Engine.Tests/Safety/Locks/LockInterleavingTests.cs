using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Properties;
using EtcdMaint.Engine.Tests.Simulation;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>Several runs from several machines on one cluster at once, in the order that each seed gives.</summary>
[Collection<SimulatedClusters>]
public sealed class LockInterleavingTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static int Factor => LongTests.AreWanted ? 25 : 1;

    [Fact]
    public Task Two_runs_never_defragment_at_once_under_random_failures_and_changes_of_NOSPACE() =>
        PlayAsync(
            400,
            seed =>
            {
                var play = new LockPlay(seed, troubled: 0.12);
                play.Arm(play.Random.Next(4) > 0);
                for (int i = play.Random.Next(3); i > 0; i--)
                    play.Time.After(play.Within(200), () => play.Arm(play.Random.Next(2) > 0));
                for (int i = 0; i < 4; i++)
                {
                    LockActor actor = play.Add();
                    if (play.Random.Next(2) > 0)
                        Suspend(play, actor);
                }
                TimeSpan spread = play.Within(play.Random.Next(2) > 0 ? 2 : 150);
                play.Run(() =>
                    Task.WhenAll(
                        play.Actors.Select(a => a.RunAsync(play.Within(spread.TotalSeconds), [.. Works(play)]))
                    )
                );
                return play.Actors.Sum(a => a.Works);
            }
        );

    [Fact]
    public Task Exactly_one_of_several_simultaneous_runs_gets_the_lock_while_NOSPACE_is_armed() =>
        PlayAsync(
            100,
            seed =>
            {
                var play = new LockPlay(seed);
                play.Arm(true);
                for (int i = play.Random.Next(2, 6); i > 0; i--)
                    play.Add();
                play.Run(() => Task.WhenAll(play.Actors.Select(a => a.RunAsync(play.Within(0.5), [Minute]))));
                play.Require(play.Actors.Count(a => a.Works > 0) == 1, "not exactly one run got the lock");
                foreach (LockActor other in play.Actors.Where(a => a.Works == 0))
                    play.Require(
                        other.Refusal is { ErrorId: "LockTaken" } taken
                            && taken.Message.Contains(Environment.MachineName, StringComparison.Ordinal),
                        $"{other.Name} was not told who holds the lock"
                    );
                play.Require(!play.Locks.Any(), "a lock was left behind");
                return 1;
            }
        );

    [Fact]
    public Task Exactly_one_of_several_runs_takes_over_from_a_killed_holder() =>
        PlayAsync(
            60,
            seed =>
            {
                var play = new LockPlay(seed);
                play.Arm(true);
                LockActor dead = play.Add();
                play.Run(() => dead.TakeAsync());
                play.Time.Pass(play.Within(40));
                dead.Time.Suspend();
                string[] left = [.. play.Locks];
                TimeSpan died = play.Time.Now;
                for (int i = 0; i < 3; i++)
                    play.Add();
                LockActor[] heirs = [.. play.Actors.Skip(1)];
                play.Run(() => Task.WhenAll(heirs.Select(a => a.RunAsync(play.Within(1), [Minute / 2]))));

                play.Require(heirs.Count(a => a.Works > 0) == 1, "not exactly one run took over");
                play.Require(
                    heirs.All(a => a.Works > 0 || a.Refusal?.ErrorId == "LockTaken"),
                    "a run failed for another reason"
                );
                play.Require(
                    play.Time.Now - died > Minute,
                    "its lock was taken over before its time to live had passed"
                );
                play.Require(left.Length >= 2 && !play.Locks.Any(), "a lock was left behind");
                return 1;
            }
        );

    [Fact]
    public Task A_suspended_holder_that_lost_its_lock_ends_and_leaves_the_other_lock_in_place() =>
        PlayAsync(
            60,
            seed =>
            {
                var play = new LockPlay(seed);
                (LockActor sleeper, RunLock held) = TakeAndSuspend(play);
                LockActor heir = play.Add();
                RunLock? taken = null;
                play.Run(async () => taken = await heir.TakeAsync());

                sleeper.Time.Resume();
                EtcdException? lost = null;
                play.Run(async () =>
                {
                    await Task.Delay(play.Within(30), play.Time);
                    lost = await Assert.ThrowsAsync<EtcdException>(() => held.ProveAsync(0, CancellationToken.None));
                    await held.DisposeAsync();
                });
                play.Require(lost?.ErrorId == "LockLost", $"the suspended run was told {lost?.Message}");
                play.Run(() => taken!.ProveAsync(0, CancellationToken.None));
                play.Run(async () => await taken!.DisposeAsync());
                play.Require(!play.Locks.Any(), "a lock was left behind");
                return 1;
            }
        );

    [Fact]
    public Task A_holder_that_resumes_during_a_takeover_and_the_new_holder_never_both_continue() =>
        PlayAsync(
            200,
            seed =>
            {
                var play = new LockPlay(seed);
                (LockActor sleeper, RunLock held) = TakeAndSuspend(play);
                play.Time.After(TimeSpan.FromSeconds(58) + play.Within(8), sleeper.Time.Resume);
                LockActor heir = play.Add();
                TimeSpan[] works = [Minute / 3];
                play.Run(() => Task.WhenAll(heir.RunAsync(TimeSpan.Zero, works), WakeAsync()));
                return play.Actors.Sum(a => a.Works);

                async Task WakeAsync()
                {
                    await sleeper.Time.WhenRunning();
                    await sleeper.WorkAsync(held, works);
                    await held.DisposeAsync();
                }
            }
        );

    [Fact]
    public Task Runs_that_start_while_NOSPACE_is_armed_and_cleared_never_both_continue() =>
        PlayAsync(
            200,
            seed =>
            {
                var play = new LockPlay(seed);
                for (int i = 0; i < 8; i++)
                    play.Time.After(play.Within(3), () => play.Arm(play.Random.Next(2) > 0));
                for (int i = 0; i < 3; i++)
                    play.Add();
                play.Run(() => Task.WhenAll(play.Actors.Select(a => a.RunAsync(play.Within(1.5), [Minute / 3]))));
                play.Require(!play.Locks.Any(), "a lock was left behind");
                return play.Actors.Sum(a => a.Works);
            }
        );

    [Fact]
    public Task The_lock_of_a_live_holder_is_never_taken_over_however_slow_its_renewals_are() =>
        PlayAsync(
            60,
            seed =>
            {
                var play = new LockPlay(seed, troubled: 0.1);
                play.Arm(true);
                LockActor holder = play.Add(isReliable: true);
                RunLock? held = null;
                play.Run(async () => held = await holder.TakeAsync());
                for (int i = 0; i < 3; i++)
                    play.Add();
                play.Run(() => Task.WhenAll(play.Actors.Skip(1).Select(a => a.RunAsync(play.Within(100), [Minute]))));
                play.Require(play.Actors.Skip(1).All(a => a.Works == 0), "another run got the lock");
                play.Run(() => held!.ProveAsync(0, CancellationToken.None));
                play.Run(async () => await held!.DisposeAsync());
                return 1;
            }
        );

    private static (LockActor Sleeper, RunLock Held) TakeAndSuspend(LockPlay play)
    {
        play.Arm(true);
        LockActor sleeper = play.Add();
        RunLock? held = null;
        play.Run(async () => held = await sleeper.TakeAsync());
        sleeper.Time.Suspend();
        return (sleeper, held!);
    }

    private static void Suspend(LockPlay play, LockActor actor)
    {
        TimeSpan at = play.Within(120);
        play.Time.After(at, actor.Time.Suspend);
        play.Time.After(at + play.Within(play.Random.Next(2) > 0 ? 15 : 200), actor.Time.Resume);
    }

    private static IEnumerable<TimeSpan> Works(LockPlay play)
    {
        for (int i = play.Random.Next(1, 4); i > 0; i--)
            yield return play.Within(30);
    }

    /// <param name="plays">The number of seeds.</param>
    /// <param name="play">Runs one seed; returns the number of defragmented members, to detect a protocol in which no
    /// run ever starts.</param>
    private static Task PlayAsync(int plays, Func<int, int> play) =>
        OwnThread.Run(() =>
        {
            int works = 0;
            for (int seed = 1; seed <= plays * Factor; seed++)
                works += play(seed);
            Assert.True(
                works >= plays * Factor / 2,
                $"Only {works} members were defragmented with {plays * Factor} seeds."
            );
        });
}
