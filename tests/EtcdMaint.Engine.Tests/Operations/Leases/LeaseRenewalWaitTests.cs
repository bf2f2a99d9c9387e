using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Leases;

/// <summary>How long a run waits after a long pause until the fate of each lease is known.</summary>
[Collection<SimulatedClusters>]
public sealed class LeaseRenewalWaitTests
{
    private readonly SimulatedTime _time = new();

    private readonly Pipeline _log;

    public LeaseRenewalWaitTests() => _log = new Pipeline(_time);

    [Fact]
    public async Task The_wait_ends_with_the_next_renewal()
    {
        LeaseReading last = await WaitAsync(at => Lease(renewed: at < 2.5 ? 100 : 102));
        Assert.Equal(3, _time.Now.TotalSeconds, 0.1);
        Assert.False(LeaseComparison.IsLost(Before().Leases[0], last.Leases[0]));
    }

    [Fact]
    public async Task The_wait_ends_with_a_new_holder()
    {
        LeaseReading last = await WaitAsync(at =>
            at < 8.5 ? Lease(renewed: 100) : Lease(renewed: 109) with { Holder = "b", Transitions = 1 }
        );
        Assert.Equal(9, _time.Now.TotalSeconds, 0.1);
        Assert.True(LeaseComparison.IsLost(Before().Leases[0], last.Leases[0]));
    }

    [Fact]
    public async Task The_wait_ends_when_the_key_is_deleted()
    {
        await WaitAsync(at => at < 3.5 ? Lease(renewed: 100) : null);
        Assert.Equal(4, _time.Now.TotalSeconds, 0.1);
    }

    [Fact]
    public async Task The_wait_ends_when_the_leases_cannot_be_read()
    {
        await WaitAsync(_ => Lease(renewed: 100), canRead: false);
        Assert.Equal(1, _time.Now.TotalSeconds, 0.1);
    }

    /// <summary>A renewal between the first reading and the pause proves nothing about the pause.</summary>
    [Fact]
    public async Task A_renewal_before_the_first_reading_after_the_pause_does_not_count()
    {
        await WaitAsync(_ => Lease(renewed: 100));
        Assert.Equal(15, _time.Now.TotalSeconds, 0.1);
        Assert.Contains(
            "These leases of Kubernetes were not renewed within 15 s after the pause: kube-system/x (a).",
            _log.Story,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_lease_that_was_not_live_before_is_not_waited_for()
    {
        await WaitAsync(_ => Lease(renewed: 0), before: [Lease(renewed: 0), Other(renewed: 61)]);
        Assert.Equal(TimeSpan.Zero, _time.Now);
    }

    [Fact]
    public async Task A_stop_ends_the_wait_at_once()
    {
        using var stop = new CancellationTokenSource();
        _time.After(TimeSpan.FromSeconds(4.2), stop.Cancel);
        await WaitAsync(_ => Lease(renewed: 100), stop: stop);
        Assert.Equal(4.2, _time.Now.TotalSeconds, 0.1);
    }

    private static EtcdLease Lease(double renewed) =>
        new()
        {
            Namespace = "kube-system",
            Name = "x",
            Holder = "a",
            RenewedAt = DateTimeOffset.UnixEpoch.AddSeconds(renewed),
        };

    private static EtcdLease Other(double renewed) => Lease(renewed) with { Name = "other", Holder = "c" };

    private LeaseReading Before() => new([Lease(renewed: 99)], Moment.Now(_time));

    /// <param name="now">The lease after the pause, by the seconds since its end; null if it has no key.</param>
    private async Task<LeaseReading> WaitAsync(
        Func<double, EtcdLease?> now,
        EtcdLease[]? before = null,
        bool canRead = true,
        CancellationTokenSource? stop = null
    )
    {
        LeaseReading? last = null;
        LeaseReading Read() => new(now(_time.Now.TotalSeconds) is { } lease ? [lease] : [], Moment.Now(_time));
        var wait = new LeaseRenewalWait(_time, () => Task.FromResult(canRead ? Read() : null), _log);
        LeaseReading first = before is null ? Before() : new LeaseReading(before, Moment.Now(_time));
        await OwnThread.Run(() =>
            _time.Run(
                async () =>
                    last = await wait.WaitAsync(first, Read(), stop?.Token ?? CancellationToken.None)
                        .ConfigureAwait(false),
                TimeSpan.FromMinutes(1)
            )
        );
        return last!;
    }
}
