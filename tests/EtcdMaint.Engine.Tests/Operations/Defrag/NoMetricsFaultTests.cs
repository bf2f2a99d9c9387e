using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>The members' metrics cannot be read: the run finds the information in another way or waits.</summary>
[Trait("Kind", "Fault")]
public sealed class NoMetricsFaultTests
{
    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_member_that_finishes_late_is_recognized_by_its_file(string release) =>
        HoldAsync(
            release,
            async scenario =>
            {
                TimeSpan limit = TimeSpan.FromSeconds(3);
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = limit },
                    before: member => scenario.SlowAsync(member, 60),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await Task.Delay(1.2 * limit, Cancellation);
                        await scenario.SpeedUpAsync();
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Equal("it took longer than the time limit", run.Rows<EtcdDefragResult>()[0].Reason);
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_member_that_was_killed_and_restarted_stays_unknown(string release) =>
        HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { ContinueOnError = true },
                    before: member => scenario.SlowAsync(member, 4),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await member.KillAsync(Cancellation);
                        await member.StartAsync(Cancellation);
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Contains("has not been defragmented", rows[0].Reason);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_foreign_defragmentation_is_waited_for_as_with_metrics(string release) =>
        HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember member = scenario.Etcd.Members[1];
                await scenario.SlowAsync(member, 14);
                Task<CommandResult> foreign = scenario.Etcd.EtcdctlAsync(
                    ["defrag", "--endpoints", member.ClientUrl, "--command-timeout", "60s"],
                    Cancellation
                );
                await scenario.BegunAsync(member);
                RunRecorder run = await scenario.RunAsync(r => r with { CallTimeout = TimeSpan.FromSeconds(5) });

                Assert.Single(run.Warnings, w => w.StartsWith("MemberSilent: "));
                Assert.Empty(run.Errors);
                (await foreign).OutputOrThrow();
                Assert.Empty(EtcdLogs.Overlaps(EtcdLogs.Defragmentations(scenario.Etcd)));
                await scenario.ProveAsync(run);
            }
        );

    private static Task HoldAsync(string release, Func<FaultScenario, Task> story)
    {
        Assert.SkipWhen(release == "3.4", "etcd 3.4 serves HTTP beside gRPC only.");
        return FaultScenario.HoldAsync(
            release,
            story,
            options => options with { HttpApart = true, Tls = TlsMode.Mutual }
        );
    }
}
