using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

/// <summary>
/// Unknown disk space is a separate state: it stops releases that crash on a full disk, and is a warning on the others.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class DiskSpaceTests
{
    [Theory]
    [InlineData("3.4.34")]
    [InlineData("3.5.16")]
    public async Task A_release_that_crashes_on_a_full_disk_is_refused_while_its_disk_is_unknown(string version)
    {
        SimulatedRun run = await PlayAsync(Unseen(version));
        AssertRows(run, EtcdDefragStatus.Failed, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        EtcdException error = Assert.Single(run.Pipeline.Errors);
        Assert.Equal("DiskSpaceUnknown", error.ErrorId);
        Assert.Contains("-Override DiskSpaceUnknown", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(run.SafetyInvariants.Sent);
    }

    [Fact]
    public async Task The_override_lets_such_a_release_pass()
    {
        SimulatedRun run = await PlayAsync(Unseen("3.5.16") with { Overrides = [EtcdGate.DiskSpaceUnknown] });
        AssertAllDone(run);
        Assert.Empty(run.Pipeline.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_release_that_survives_a_full_disk_passes_with_one_warning_that_names_the_members(bool isPlan)
    {
        SimulatedRun run = await PlayAsync(Unseen("3.5.30") with { IsPlanOnly = isPlan });
        string warning = Assert.Single(run.Pipeline.Warnings);
        Assert.StartsWith("DiskSpaceUnknown: ", warning, StringComparison.Ordinal);
        Assert.All(new[] { "m0", "m1", "m2" }, name => Assert.Contains(name, warning, StringComparison.Ordinal));
        Assert.Empty(run.Pipeline.Errors);
    }

    [Fact]
    public async Task A_member_with_nothing_to_gain_is_not_named()
    {
        Scenario scenario = Unseen("3.5.30");
        SimulatedRun run = await PlayAsync(
            scenario with
            {
                Members = [scenario.Members[0], scenario.Members[1] with { Size = 100 }, scenario.Members[2]],
            }
        );
        Assert.DoesNotContain("m1", Assert.Single(run.Pipeline.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_with_enough_space_gives_no_warning()
    {
        SimulatedRun run = await PlayAsync(
            new Scenario { Members = [.. Enumerable.Repeat(new MemberShape(400, 100, Version: "3.5.16"), 3)] }
        );
        AssertAllDone(run);
        Assert.Empty(run.Pipeline.Warnings);
    }

    private static Scenario Unseen(string version) =>
        new() { Members = [.. Enumerable.Repeat(new MemberShape(400, 100, Version: version, SeesDisk: false), 3)] };

    private static async Task<SimulatedRun> PlayAsync(Scenario scenario)
    {
        SimulatedRun? run = null;
        await OwnThread.Run(() => run = SimulatedRun.Play(scenario));
        Assert.True(run!.SafetyInvariants.Violations.Count == 0, run.Story);
        return run;
    }

    private static void AssertAllDone(SimulatedRun run) =>
        AssertRows(run, EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented);

    private static void AssertRows(SimulatedRun run, params EtcdDefragStatus[] expected) =>
        Assert.True(expected.SequenceEqual(run.Pipeline.Rows.Select(r => r.Status)), run.Story);
}
