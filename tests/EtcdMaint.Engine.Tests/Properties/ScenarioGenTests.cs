using EtcdMaint.Engine.Tests.Simulation;
using FsCheck;
using Microsoft.FSharp.Core;

namespace EtcdMaint.Engine.Tests.Properties;

/// <summary>Shows that the scenarios of the property tests really reach the interesting situations.</summary>
[Collection<SimulatedClusters>]
public sealed class ScenarioGenTests
{
    [Fact]
    public async Task The_scenarios_reach_every_possible_end_of_a_run()
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
