using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Safety;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Operations.Leases;

/// <summary>Which leases count as lost between two readings.</summary>
public sealed class LeaseComparisonTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);

    private static readonly ResolvedMember Member = new(new MemberEntry(0xa1, "m1", [], [], false), null, null);

    private readonly FakeTimeProvider _time = new(Start);

    [Theory]
    [InlineData("renewed", "a", 4, "a", 4, null)]
    [InlineData("held by another process", "a", 4, "b", 5, "x/y (lost by a, now held by b)")]
    [InlineData(
        "held by another process, whose client does not count",
        "a",
        0,
        "b",
        0,
        "x/y (lost by a, now held by b)"
    )]
    [InlineData("released", "a", 4, null, 4, "x/y (lost by a, released)")]
    [InlineData("lost and acquired again", "a", 4, "a", 6, "x/y (lost by a, acquired again)")]
    [InlineData("deleted and created again by the same holder", "a", 4, "a", 0, null)]
    [InlineData("deleted and created again by another holder", "a", 4, "b", 0, "x/y (lost by a, now held by b)")]
    [InlineData("without a holder before", null, 4, "b", 5, null)]
    [InlineData("without a holder before and after", null, 4, null, 4, null)]
    public void A_lease_is_lost_if_its_holder_no_longer_holds_it_without_interruption(
        string what,
        string? before,
        int transitionsBefore,
        string? after,
        int transitionsAfter,
        string? lost
    )
    {
        EtcdLostLease[] found = Compare(
            [Lease(before, transitionsBefore)],
            TimeSpan.FromSeconds(20),
            [Lease(after, transitionsAfter, renewed: 20)]
        );
        Assert.True(lost == found.SingleOrDefault()?.ToString(), $"{what}: {found.SingleOrDefault()}");
    }

    [Fact]
    public void A_lost_lease_names_the_member_that_was_unavailable_and_the_transitions_afterwards()
    {
        EtcdLostLease lost = Assert.Single(
            Compare([Lease("a", 4)], TimeSpan.FromSeconds(20), [Lease("b", 5, renewed: 20)])
        );
        Assert.Equal(("prod", "77"), (lost.ClusterName, lost.ClusterId));
        Assert.Equal(("a1", "m1"), (lost.MemberId, lost.MemberName));
        Assert.Equal(
            ("x", "y", "a", "b", 5),
            (lost.Namespace, lost.Name, lost.Holder, lost.NewHolder, lost.Transitions)
        );
    }

    [Fact]
    public void A_deleted_lease_and_a_new_lease_are_not_lost() =>
        Assert.Empty(Compare([Lease("a", 4, name: "deleted")], TimeSpan.FromSeconds(20), [Lease("b", 0, name: "new")]));

    [Fact]
    public void A_lease_of_the_same_name_in_another_namespace_is_another_lease() =>
        Assert.Empty(
            Compare([Lease("a", 4)], TimeSpan.FromSeconds(20), [Lease("a", 4), Lease("b", 4) with { Namespace = "z" }])
        );

    [Theory]
    [InlineData(5 * 60 + 20, true)]
    [InlineData(5 * 60 + 21, false)]
    public void A_lease_whose_holder_had_stopped_long_before_was_not_lost(int secondsBetweenRenewals, bool isLost) =>
        Assert.Equal(
            isLost,
            Compare([Lease("a", 4)], TimeSpan.FromSeconds(20), [Lease("b", 5, renewed: secondsBetweenRenewals)]) is [_]
        );

    [Fact]
    public void A_holder_without_a_renewal_counts_as_present() =>
        Assert.Single(
            Compare(
                [Lease("a", 4) with { RenewedAt = null }],
                TimeSpan.FromSeconds(20),
                [Lease("b", 5, renewed: 100_000)]
            )
        );

    /// <summary>A wrong clock of one holder must not hide that another one lost its lease.</summary>
    [Fact]
    public void A_wrong_clock_of_another_holder_does_not_matter() =>
        Assert.Equal(
            "y",
            Assert
                .Single(
                    Compare(
                        [Lease("a", 4), Lease("c", 0, renewed: 1_000_000, name: "future")],
                        TimeSpan.FromSeconds(20),
                        [Lease("b", 5, renewed: 20), Lease("c", 0, renewed: 1_000_020, name: "future")]
                    )
                )
                .Name
        );

    [Fact]
    public void Live_leases_were_renewed_shortly_before_the_newest_renewal()
    {
        LeaseReading reading = Reading([
            Lease("a", 0, renewed: 100, name: "newest"),
            Lease("b", 0, renewed: 40, name: "live"),
            Lease("c", 0, renewed: 39, name: "stopped"),
            Lease(null, 0, renewed: 5000, name: "released"),
            Lease("d", 0, name: "never") with
            {
                RenewedAt = null,
            },
        ]);
        Assert.Equal(["newest", "live"], reading.Live.Select(lease => lease.Name));
        Assert.Empty(Reading([]).Live);
    }

    private EtcdLostLease[] Compare(EtcdLease[] before, TimeSpan elapsed, EtcdLease[] after)
    {
        LeaseReading first = Reading(before);
        _time.Advance(elapsed);
        return LeaseComparison.FindLost(first, Reading(after), Member);
    }

    private LeaseReading Reading(EtcdLease[] leases) => new(leases, Moment.Now(_time));

    private static EtcdLease Lease(string? holder, int transitions, double renewed = 0, string name = "y") =>
        new()
        {
            ClusterName = "prod",
            ClusterId = "77",
            Namespace = "x",
            Name = name,
            Holder = holder,
            Transitions = transitions,
            RenewedAt = Start.AddSeconds(renewed),
        };
}
