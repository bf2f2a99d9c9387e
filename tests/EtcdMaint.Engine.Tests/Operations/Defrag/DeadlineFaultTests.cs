using EtcdMaint.Engine.Tests.Fixtures;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>The limit passes before the member is done: the run waits at most as long again.</summary>
[Trait("Kind", "Fault")]
public sealed class DeadlineFaultTests
{
    public static TheoryData<string> Release => TestProfile.Newest;

    [Theory]
    [MemberData(nameof(Release))]
    public Task A_member_that_finishes_within_twice_the_limit_counts_as_done(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                TimeSpan limit = TimeSpan.FromSeconds(4);
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = limit },
                    before: member => scenario.SlowAsync(member, 60),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await Task.Delay(1.2 * limit, TestContext.Current.CancellationToken);
                        await scenario.SpeedUpAsync();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.All(rows, r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Equal("it took longer than the time limit", rows[0].Reason);
                Assert.True(rows[0].BytesReclaimed > 4_000_000);
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Release))]
    public Task A_member_that_takes_longer_ends_the_run_and_the_next_run_waits_for_it(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = TimeSpan.FromSeconds(1), ContinueOnError = true },
                    before: member => scenario.SlowAsync(member, 8)
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Contains("still defragmenting", rows[0].Reason);
                Assert.Equal("DefragUnknown", Assert.Single(run.Errors).ErrorId);
                Assert.True(scenario.Took < TimeSpan.FromSeconds(20));

                // The next run waits for the member, and the lock is left to expire.
                RunRecorder next = await scenario.RunAsync();
                Assert.Contains("did not start", next.Story);
                Assert.Equal("LockTaken", Assert.Single(next.Errors).ErrorId);
                await scenario.ProveAsync(run);
            }
        );
}
