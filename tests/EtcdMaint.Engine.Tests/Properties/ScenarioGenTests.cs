using EtcdMaint.Engine.Tests.Simulation;
using FsCheck;
using Microsoft.FSharp.Core;

namespace EtcdMaint.Engine.Tests.Properties;

/// <summary>Properties over scenarios in which nothing happens would hold for nothing.</summary>
[Collection<SimulatedClusters>]
public sealed class ScenarioGenTests
{
    [Fact]
    public async Task Scenarios_reach_every_way_in_which_a_run_can_end()
    {
        var seen = new Dictionary<string, int>();
        await Property.HoldsAsync(
            ScenarioGen.Faulty,
            500,
            run =>
            {
                Count(
                    run.SafetyInvariants.Sent.Count switch
                    {
                        0 => "none sent",
                        1 => "one sent",
                        _ => "several sent",
                    }
                );
                foreach (EtcdDefragStatus status in run.Pipeline.Rows.Select(r => r.Status).Distinct())
                    Count(status.ToString());
                foreach (string error in run.Pipeline.Errors.Select(e => e.ErrorId).Distinct())
                    Count(error);
            },
            always: new Replay(new Rnd(2026, 1123), FSharpOption<int>.None)
        );
        TestContext.Current.SendDiagnosticMessage(
            string.Join(", ", seen.OrderByDescending(s => s.Value).Select(s => $"{s.Key} {s.Value}"))
        );
        string[] expected =
        [
            "none sent",
            "one sent",
            "several sent",
            "Defragmented",
            "Skipped",
            "TimedOut",
            "Failed",
            "NotAttempted",
            "MemberDown",
            "CorruptArmed",
            "VersionHazard",
            "MembershipDisagreement",
            "MemberRestarted",
            "DefragUnknown",
        ];
        Assert.Empty(expected.Except(seen.Keys));
        Assert.True(seen["several sent"] > 40, $"{seen["several sent"]} sent several");

        void Count(string what) => seen[what] = seen.GetValueOrDefault(what) + 1;
    }
}
