using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Properties;

/// <summary>
/// For all clusters, schedules of faults and requests: the run does no harm, ends, and reports what happened.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class SafetyProperties
{
    /// <summary>
    /// Every member may use its limit twice, become stable and pass the gates; a foreign defragmentation may be waited
    /// for.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(5);

    [Fact]
    public Task A_defragmentation_is_sent_only_when_no_safety_invariant_is_violated() =>
        Property.HoldsAsync(
            ScenarioGen.Faulty,
            300,
            run => run.Require(run.SafetyInvariants.Violations.Count == 0, "a safety invariant was violated")
        );

    [Fact]
    public Task Each_target_gets_one_row_and_rows_precede_errors() =>
        Property.HoldsAsync(
            ScenarioGen.Faulty,
            120,
            run =>
            {
                string[] given = [.. Given(run).Order()];
                run.Require(
                    given.SequenceEqual(run.Pipeline.Rows.Select(r => r.MemberId).Order()),
                    "not exactly one row for each target"
                );
                for (int i = 0; i < run.Pipeline.Out.Count; i++)
                    if (run.Pipeline.Out[i] is EtcdException { Target: string id } && given.Contains(id))
                        run.Require(
                            run.Pipeline.Out.Take(i).OfType<EtcdDefragResult>().Any(r => r.MemberId == id),
                            "an error came before its row"
                        );
            }
        );

    [Fact]
    public Task Each_row_reports_what_happened() =>
        Property.HoldsAsync(
            ScenarioGen.Faulty,
            120,
            run =>
            {
                string[] sent = [.. run.SafetyInvariants.Sent.Select(m => HexId.Format(m.Id))];
                foreach (EtcdDefragResult row in run.Pipeline.Rows)
                {
                    bool wasSent = sent.Contains(row.MemberId);
                    run.Require(
                        !wasSent
                            || row.Status
                                is EtcdDefragStatus.Defragmented
                                    or EtcdDefragStatus.TimedOut
                                    or EtcdDefragStatus.Failed,
                        $"{row}, although a request was sent"
                    );
                    run.Require(
                        wasSent || row.Status is not (EtcdDefragStatus.Defragmented or EtcdDefragStatus.TimedOut),
                        $"{row}, although no request was sent"
                    );
                    bool isDone = run.Cluster.Members.Find(m => m.Id == Id(row))!.HasDoneOurs;
                    run.Require(
                        isDone || row.Status is not EtcdDefragStatus.Defragmented,
                        $"{row}, although the member has not defragmented"
                    );
                    run.Require(
                        row.Status is not (EtcdDefragStatus.TimedOut or EtcdDefragStatus.Failed)
                            || run.Pipeline.Errors.Count > 0,
                        $"{row}, without an error"
                    );
                }
                int unknown = run.Pipeline.Rows.ToList().FindIndex(r => r.Status is EtcdDefragStatus.TimedOut);
                run.Require(
                    unknown < 0 || run.SafetyInvariants.Sent[^1].Id == Id(run.Pipeline.Rows[unknown]),
                    "the run continued after a member whose state is unknown"
                );
            }
        );

    [Fact]
    public Task The_run_ends_by_itself_and_soon_after_a_stop() =>
        Property.HoldsAsync(
            ScenarioGen.Faulty,
            120,
            run =>
            {
                run.Require(run.Took < Longest, $"it took {run.Took}");
                if (run.Scenario.StopsAfter is not { } stopped || run.Took <= stopped)
                    return;
                TimeSpan allowed =
                    run.Scenario.StopTimeout
                    + run.Scenario.Thinks
                    + (run.Scenario.RuleTakes ?? TimeSpan.Zero)
                    + TimeSpan.FromSeconds(90);
                run.Require(
                    run.Took - stopped <= allowed,
                    $"the run ended {run.Took - stopped} after the stop; the limit is {allowed}"
                );
            }
        );

    [Fact]
    public Task All_locks_are_released() =>
        Property.HoldsAsync(
            ScenarioGen.Faulty,
            120,
            run =>
            {
                bool isPending = run.Pipeline.Errors.Any(e => e.ErrorId == "DefragAbandoned");
                run.Require(run.IsMachineFree || isPending, "the machine lock is still held");
                SimulatedMember[] free =
                [
                    .. run.Cluster.Voters.Where(v => v is { UnavailableSince: null, IsBackendBlocked: false }),
                ];
                bool isUnknown = run.Pipeline.Rows.Any(r => r.Status is EtcdDefragStatus.TimedOut);
                bool isServing =
                    !isUnknown
                    && run.Cluster is { IsServing: true, CorruptSince: null }
                    && free.Length > 0
                    && run.Scenario.Faults.Length == 0;
                run.Require(!isServing || run.Cluster.Keys.Leases.Count == 0, "the cluster lock is still held");
                run.Time.Pass(TimeSpan.FromMinutes(10));
                run.Require(
                    run.Cluster.Keys.Leases.Count == 0 && run.Cluster.Keys.Keys.Count == 0,
                    "the cluster lock does not expire"
                );
            }
        );

    [Fact]
    public Task No_member_starts_whose_predicted_end_is_after_the_end_of_the_window() =>
        Property.HoldsAsync(
            ScenarioGen.Faulty,
            120,
            run =>
            {
                for (int i = 0; i < run.SafetyInvariants.Sent.Count; i++)
                {
                    EtcdDefragResult row = run.Pipeline.Rows.Single(r => Id(r) == run.SafetyInvariants.Sent[i].Id);

                    // The lock is renewed and the metrics are read between the last reading of the clock and the call.
                    run.Require(
                        run.SafetyInvariants.SentAt[i] + row.PredictedDuration
                            <= run.Scenario.NotAfter + TimeSpan.FromSeconds(1),
                        $"{row} was started too late"
                    );
                }
            },
            scenario => scenario with { NotAfter = scenario.NotAfter ?? TimeSpan.FromSeconds(30) }
        );

    [Fact]
    public Task A_plan_changes_nothing() =>
        Property.HoldsAsync(
            ScenarioGen.Faulty,
            120,
            run =>
            {
                run.Require(!run.Cluster.Log.Writes.Any(), $"it sent {run.Cluster.Log.Writes.FirstOrDefault()}");
                run.Require(!run.HasMachineFile, "the plan created a lock file");
                run.Require(
                    run.Pipeline.Rows.All(r =>
                        r.Status is not (EtcdDefragStatus.Defragmented or EtcdDefragStatus.TimedOut)
                    ),
                    "a row says that work was done"
                );
                run.Require(
                    run.Pipeline.Rows.All(r => r.Member is { IsPlanned: true }),
                    "a row does not say that it is part of a plan"
                );
            },
            scenario => scenario with { IsPlanOnly = true }
        );

    [Fact]
    public Task A_stable_cluster_is_defragmented_completely_with_the_leader_last() =>
        Property.HoldsAsync(
            ScenarioGen.Calm,
            120,
            run =>
            {
                EtcdDefragResult[] done = [.. run.Pipeline.Rows.Where(r => r.Status is EtcdDefragStatus.Defragmented)];
                int[] expected =
                [
                    .. Enumerable.Range(0, run.Scenario.Members.Length).Where(i => IsWorth(run.Scenario.Members[i])),
                ];
                run.Require(done.Length == expected.Length, $"{done.Length} of {expected.Length} were defragmented");
                run.Require(
                    !expected.Contains(run.Scenario.Leader)
                        || Id(done[^1]) == run.Cluster.Members[run.Scenario.Leader].Id,
                    "the leader was not last"
                );
                run.Require(run.Pipeline.Errors.Count == 0, "there were errors");
                run.Require(
                    done.All(r =>
                        r.BytesReclaimed >= 0 && r.Duration > TimeSpan.Zero && r.PredictedDuration > TimeSpan.Zero
                    ),
                    "a row lacks figures"
                );
            },
            AtEase
        );

    /// <summary>The scenario's cluster without any fault, and without any parameter that ends the run early.</summary>
    private static Scenario AtEase(Scenario s) =>
        s with
        {
            Members =
            [
                .. s.Members.Select(m =>
                    m with
                    {
                        Version = m.Version == "3.5.3" ? "3.5.30" : m.Version,
                        SecondsPerGigabyte = 10,
                        SeesDisk = true,
                    }
                ),
            ],
            RequiresMove = false,
            NotAfter = null,
            DefragTimeout = null,
            MaximumStall = null,
            StopsAfter = null,
            Thinks = TimeSpan.Zero,
            RuleTakes = null,
        };

    private static bool IsWorth(MemberShape m) =>
        !m.IsLearner
        && m.Given is UpstreamState.Done or UpstreamState.Planned
        && !(m.Size - m.InUse < 16.777216 && m.Size - m.InUse < 0.05 * m.Size);

    private static IEnumerable<string> Given(SimulatedRun run) =>
        run.Cluster.Members.Where((_, i) => run.Scenario.Members[i].Given is not null).Select(m => HexId.Format(m.Id));

    private static ulong Id(EtcdDefragResult row) => HexId.TryParse(row.MemberId, out ulong id) ? id : 0;
}
