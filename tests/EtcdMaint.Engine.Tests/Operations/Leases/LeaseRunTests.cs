using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Leases;

/// <summary>When a run reads the leases of Kubernetes, and when it ends because of them.</summary>
[Collection<SimulatedClusters>]
public sealed class LeaseRunTests
{
    private const string Scheduler = "/registry/leases/kube-system/kube-scheduler";

    private const string Manager = "/kubernetes.io/leases/kube-system/kube-controller-manager";

    private readonly CalmCluster _cluster = new();

    [Fact]
    public async Task A_lost_lease_ends_the_run_before_the_next_member()
    {
        Put(Scheduler, "a");
        Put(Manager, "c");
        OnDefragment(1, () => Put(Scheduler, "b", transitions: 1));

        await _cluster.DefragmentAsync();

        AssertRows(EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        const string lease = "kube-system/kube-scheduler (lost by a, now held by b)";
        EtcdDefragResult left = _cluster.Pipeline.Rows[^1];
        Assert.Equal($"1 lease of Kubernetes was lost, and -MaximumLeaseLost allows 0: {lease}", left.Reason);
        Assert.Equal("LeaseLost: 1 lease after m1", left.Brief);
        Assert.Equal(
            $"LeaseLost: 1 lease of simulated was lost while m1 was being defragmented: {lease}. No other member "
                + "starts (-MaximumLeaseLost 0).",
            Assert.Single(_cluster.Pipeline.Warnings, IsAboutLeases)
        );
        Assert.Empty(_cluster.Pipeline.Errors);
        ObservedLeases observed = _cluster.Pipeline.Leases!;
        Assert.Equal(
            ["kube-system/kube-scheduler (a)", "kube-system/kube-controller-manager (c)"],
            Texts(observed.Before)
        );
        Assert.Equal(
            ["kube-system/kube-scheduler (b)", "kube-system/kube-controller-manager (c)"],
            Texts(observed.After)
        );
        Assert.Equal("m1", Assert.Single(observed.Lost!).MemberName);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(2, 3)]
    [InlineData(1, 2)]
    public async Task As_many_leases_as_the_user_allows_can_be_lost(int? maximum, int defragmented)
    {
        Put(Scheduler, "a");
        Put(Manager, "c");
        OnDefragment(1, () => Put(Scheduler, "b", transitions: 1));
        OnDefragment(2, () => Put(Manager, null));

        await _cluster.DefragmentAsync(r => r with { MaximumLeaseLost = maximum });

        Assert.Equal(defragmented, _cluster.Pipeline.Rows.Count(r => r.Status is EtcdDefragStatus.Defragmented));
        Assert.Equal(defragmented == 3 ? 0 : 1, _cluster.Pipeline.Warnings.Count(IsAboutLeases));
        Assert.Equal(
            [
                "m1: kube-system/kube-scheduler (lost by a, now held by b)",
                "m2: kube-system/kube-controller-manager (lost by c, released)",
            ],
            _cluster.Pipeline.Leases!.Lost!.Select(lost => $"{lost.MemberName}: {lost}")
        );
        if (defragmented == 2)
            Assert.StartsWith(
                "2 leases of Kubernetes were lost, and -MaximumLeaseLost allows 1: kube-system/kube-scheduler (lost by a",
                _cluster.Pipeline.Rows[^1].Reason,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task Leases_that_earlier_steps_lost_count_too()
    {
        await _cluster.DefragmentAsync(r =>
            r with
            {
                LeaseLost =
                [
                    new EtcdLostLease
                    {
                        Namespace = "x",
                        Name = "y",
                        Holder = "a",
                        MemberName = "m9",
                    },
                ],
            }
        );
        AssertRows(EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        Assert.Contains("x/y (lost by a, released)", _cluster.Pipeline.Rows[0].Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Defragment", _cluster.Etcd.Log.Calls.Select(c => c.Call));
    }

    /// <summary>Directly after the pause, such a lease still has its holder.</summary>
    [Fact]
    public async Task A_lease_that_is_lost_only_some_seconds_after_a_long_pause_ends_the_run()
    {
        foreach (SimulatedMember member in _cluster.Etcd.Members)
            (member.DbSize, member.InUse, member.DeadBytes) = (2_000_000_000, 1_100_000_000, 0);
        bool isAlive = true;
        RenewEvery(2, Scheduler, "a", () => isAlive);
        OnDefragment(1, () => isAlive = false);
        OnDefragment(1, () => Put(Scheduler, "b", transitions: 1), after: 15);

        await _cluster.DefragmentAsync();

        // A pause of 11 s, and a new holder after 15 s.
        AssertRows(EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted);
        Assert.Contains("(lost by a, now held by b)", _cluster.Pipeline.Rows[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_after_a_long_pause_lets_the_run_continue()
    {
        foreach (SimulatedMember member in _cluster.Etcd.Members)
            (member.DbSize, member.InUse, member.DeadBytes) = (2_000_000_000, 600_000_000, 0);
        RenewEvery(2, Scheduler, "a", () => true);

        await _cluster.DefragmentAsync();

        AssertRows(EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented);
        Assert.Empty(_cluster.Pipeline.Leases!.Lost!);

        // Three pauses of 6 s. Each wait ends with the next renewal, at most 3 s later.
        Assert.InRange(_cluster.Time.Now.TotalSeconds, 18, 18 + 3 * 4);
    }

    /// <summary>A renewal is a write. A wait would only prolong the outage.</summary>
    [Fact]
    public async Task No_renewal_is_waited_for_while_NOSPACE_is_armed()
    {
        foreach (SimulatedMember member in _cluster.Etcd.Members)
            (member.DbSize, member.InUse, member.DeadBytes) = (2_000_000_000, 600_000_000, 0);
        Put(Scheduler, "a");
        _cluster.Etcd.Arm(_cluster[0], EtcdAlarmType.NoSpace);

        await _cluster.DefragmentAsync();

        AssertRows(EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented);
        Assert.DoesNotContain("were not renewed", _cluster.Pipeline.Story, StringComparison.Ordinal);
        Assert.InRange(_cluster.Time.Now.TotalSeconds, 18, 18 + 15);
    }

    [Fact]
    public async Task A_user_who_may_not_read_keys_can_still_defragment()
    {
        Put(Scheduler, "a");
        _cluster.Etcd.ForbidsKeys = true;
        OnDefragment(1, () => Put(Scheduler, "b", transitions: 1));

        await _cluster.DefragmentAsync();

        AssertRows(EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented, EtcdDefragStatus.Defragmented);
        Assert.Equal(new ObservedLeases(null, null, null), _cluster.Pipeline.Leases);
        Assert.Contains(
            "simulated: the leases of Kubernetes are unknown: The user may not run this call on",
            _cluster.Pipeline.Story,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(_cluster.Pipeline.Warnings, IsAboutLeases);
    }

    [Fact]
    public async Task A_cluster_without_leases_is_read_only_once()
    {
        await _cluster.DefragmentAsync();
        Assert.Equal(4, Reads);
        Assert.Empty(_cluster.Pipeline.Leases!.Before!);
        Assert.Empty(_cluster.Pipeline.Leases.After!);
        Assert.Empty(_cluster.Pipeline.Leases.Lost!);
    }

    [Fact]
    public async Task Leases_are_read_before_the_first_member_and_after_each_member()
    {
        Put(Scheduler, "a");
        await _cluster.DefragmentAsync();

        // Two prefixes with two ranges each, then the prefix that has leases.
        Assert.Equal(4 + (3 * 2), Reads);
    }

    [Fact]
    public async Task Leases_are_not_read_if_nothing_is_defragmented()
    {
        Put(Scheduler, "a");
        await _cluster.DefragmentAsync(r => r with { When = _ => Task.FromResult(false) });
        await _cluster.DefragmentAsync(r => r with { PlanOnly = true });
        Assert.Equal(0, Reads);
        Assert.Null(_cluster.Pipeline.Leases);
    }

    /// <summary>The member itself may still be defragmenting, so the other voters are asked.</summary>
    [Fact]
    public async Task Leases_are_compared_also_if_the_result_of_the_member_is_unknown()
    {
        Put(Scheduler, "a");
        OnDefragment(1, () => Put(Scheduler, "b", transitions: 1));
        OnDefragment(1, () => _cluster[1].Suspend(), after: 1);

        await _cluster.DefragmentAsync(r => r with { DefragTimeout = TimeSpan.FromSeconds(5) });

        Assert.Equal(EtcdDefragStatus.TimedOut, _cluster.Pipeline.Rows[0].Status);
        Assert.Single(_cluster.Pipeline.Leases!.Lost!);
    }

    private int Reads => _cluster.Etcd.Log.Calls.Count(c => c.Call == "List");

    private static bool IsAboutLeases(string warning) => warning.StartsWith("LeaseLost", StringComparison.Ordinal);

    private static IEnumerable<string> Texts(IEnumerable<EtcdLease>? leases) => leases!.Select(lease => $"{lease}");

    private void Put(string key, string? holder, int transitions = 0) =>
        _cluster.Etcd.Keys.Put(key, LeaseValues.Of(holder, transitions, _cluster.Time.GetUtcNow()));

    private void RenewEvery(double seconds, string key, string holder, Func<bool> isAlive)
    {
        if (isAlive())
            Put(key, holder);
        _cluster.Time.After(TimeSpan.FromSeconds(seconds), () => RenewEvery(seconds, key, holder, isAlive));
    }

    /// <summary>Acts when the defragmentation of this number is sent, or some seconds later.</summary>
    private void OnDefragment(int number, Action act, double after = 0.5)
    {
        Action<SimulatedMember> next = _cluster.Etcd.DefragmentSent;
        int seen = 0;
        _cluster.Etcd.DefragmentSent = member =>
        {
            next(member);
            if (++seen == number)
                _cluster.Time.After(TimeSpan.FromSeconds(after), act);
        };
    }

    private void AssertRows(params EtcdDefragStatus[] expected) =>
        Assert.True(expected.SequenceEqual(_cluster.Pipeline.Rows.Select(r => r.Status)), _cluster.Pipeline.Story);
}
