using EtcdMaint.Engine.Safety.Locks;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>A holder's names are read repeatedly; its time to live is 60 s, and it renews every 20 s.</summary>
public sealed class HolderWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HolderWatch _watch;
    private readonly RoleName _holder;

    public HolderWatchTests()
    {
        _watch = new HolderWatch(_time);
        _holder = new RoleName(1, LockHolder.Me(_time), TimeSpan.FromSeconds(60), 5);
    }

    [Fact]
    public void Names_that_do_not_change_for_the_time_to_live_are_abandoned()
    {
        See(_holder, RoleName.Gate(1));
        for (int i = 0; i < 29; i++)
            After(2, _holder, RoleName.Gate(1));
        Assert.Empty(_watch.FindDead());
        After(2, _holder, RoleName.Gate(1));
        Assert.Equal(2, _watch.FindDead().Count());
        Assert.Null(_watch.NewName);
    }

    [Fact]
    public void A_renewal_restarts_the_time_to_live()
    {
        See(_holder);
        RoleName next = _holder with { Renewal = 6 };
        After(19, _holder);
        After(2, next);
        Assert.Equal((next, next), (_watch.NewName, _watch.RenewedName));
        After(19, next);
        After(19, next);
        After(19, next);
        Assert.Empty(_watch.FindDead());
    }

    [Fact]
    public void A_run_that_has_just_appeared_is_not_renewed_yet()
    {
        See();
        After(2, RoleName.Gate(1));
        After(2, RoleName.Gate(1), _holder);
        Assert.Equal(_holder, _watch.NewName);
        Assert.Null(_watch.RenewedName);
    }

    [Fact]
    public void A_gap_between_two_reads_does_not_count()
    {
        See(_holder);
        After(59, _holder);
        After(19, _holder);
        After(19, _holder);
        After(19, _holder);
        Assert.Empty(_watch.FindDead());
        After(19, _holder);
        Assert.Equal([_holder], _watch.FindDead());
    }

    [Fact]
    public void The_duration_of_the_last_read_does_not_count()
    {
        See(_holder);
        After(19, _holder);
        After(19, _holder);
        After(19, _holder);
        long began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(10));
        _watch.See([_holder], began);
        Assert.Empty(_watch.FindDead());
    }

    [Fact]
    public void A_gate_is_not_abandoned_before_its_holder()
    {
        RoleName slow = _holder with { TimeToLive = TimeSpan.FromSeconds(100) };
        See(slow, RoleName.Gate(1), RoleName.Gate(2));
        for (int i = 0; i < 4; i++)
            After(19, slow, RoleName.Gate(1), RoleName.Gate(2));
        Assert.Equal([RoleName.Gate(2)], _watch.FindDead());
    }

    private void After(int seconds, params RoleName[] names)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        See(names);
    }

    private void See(params RoleName[] names) => _watch.See(names, _time.GetTimestamp());
}
