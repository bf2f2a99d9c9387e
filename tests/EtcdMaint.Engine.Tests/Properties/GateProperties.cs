using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Tests.Safety.Gates;
using FsCheck;
using FsCheck.Fluent;

namespace EtcdMaint.Engine.Tests.Properties;

/// <summary>For all states of a cluster: an override opens the gates that it names and no other.</summary>
public sealed class GateProperties
{
    private static readonly HashSet<EtcdGate> None = [];

    [Fact]
    public Task An_override_opens_only_the_gates_that_it_names() => Property.ForAllAsync(Arb.From(Cases), 2000, Check);

    private static void Check((ClusterState State, ulong? Next, EtcdGate[] Overrides) one)
    {
        (ClusterState state, ulong? next, EtcdGate[] names) = one;
        GateRefusal? plain = ClusterGates.FindClosed(state, next, None);
        GateRefusal? overridden = ClusterGates.FindClosed(state, next, names.ToHashSet());
        Assert.False(plain is null && overridden is not null, "an override closed a gate");
        Assert.False(overridden?.OverriddenBy is { } name && names.Contains(name), "an override did not open its gate");
        Assert.False(
            plain is { OverriddenBy: null } && overridden?.Gate != plain.Gate,
            "an override opened a gate that has no override"
        );
        Assert.False(
            plain?.OverriddenBy is { } other && !names.Contains(other) && overridden?.Gate != plain.Gate,
            "an override opened the gate of another override"
        );
        if (overridden is not null || next is null)
            return;
        int voters = state.Voters.Count();
        Assert.True(
            voters <= 2 || state.Voters.Count(v => v.Status is not null && v.Id != next) > voters / 2,
            "no quorum would be left"
        );
        Assert.True(
            state.Leader is not null
                && state.QuorumFailure is null
                && state.Defragmenting.Count == 0
                && state.ClusterMembership.IsListAgreed,
            "a gate that has no override is open"
        );
        Assert.DoesNotContain(
            state.Readings.SelectMany(r => AlarmStrings.Read(r.Status?.Errors ?? [])),
            a => a.Type is EtcdAlarmType.Corrupt
        );
    }

    private static Gen<(ClusterState, ulong?, EtcdGate[])> Cases =>
        from voters in Gen.Choose(1, 7)
        from learners in Gen.Choose(0, 1)
        from readings in Gen.CollectToArray(Enumerable.Range(0, voters + learners), i => Reading(i, i >= voters))
        from agreed in ScenarioGen.Rarely(Gen.Constant(false), true)
        from quorum in ScenarioGen.Rarely(Gen.Constant<EtcdException?>(GateStates.Unreachable), null)
        from isBusy in ScenarioGen.Rarely(Gen.Constant(true), false)
        from next in Gen.OneOf(
            Gen.Constant<ulong?>(null),
            Gen.Choose(0, voters - 1).Select(i => (ulong?)GateStates.Id(i))
        )
        from overrides in Gen.SubListOf(Enum.GetValues<EtcdGate>())
        let state = GateStates.Of(readings)
        select (
            state with
            {
                ClusterMembership = state.ClusterMembership with { IsListAgreed = agreed },
                QuorumFailure = quorum,
                Defragmenting = isBusy ? [state.ClusterMembership.Members[0]] : [],
            },
            next,
            overrides.ToArray()
        );

    private static Gen<MemberReading> Reading(int number, bool isLearner) =>
        Gen.Frequency(
            (12, Gen.Constant(GateStates.Up(number, null, isLearner))),
            (1, Gen.Constant(GateStates.Down(number, isLearner))),
            (1, Spoiled(number, isLearner))
        );

    private static Gen<MemberReading> Spoiled(int number, bool isLearner) =>
        Gen.Elements<Func<StatusReply, StatusReply>>(
                s => s with { Leader = 0 },
                s => s with { Leader = GateStates.Id(number) },
                s => s with { Version = "3.5.2" },
                s => s with { DowngradeTarget = "3.5" },
                s => s with { RaftAppliedIndex = 0 },
                s => s with { Errors = ["memberID:16 alarm:CORRUPT "] }
            )
            .Select(with => GateStates.Up(number, with, isLearner));
}
