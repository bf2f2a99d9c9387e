using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>Get-EtcdMemberStatus -Continuous, where its output is not a terminal.</summary>
public sealed class ContinuousStatusTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    [Fact]
    public void Each_reading_emits_rows_until_the_pipeline_ends()
    {
        EtcdMemberStatus[] rows = [.. Read(9).Output.Cast<EtcdMemberStatus>()];
        Assert.Equal(["etcd-1", "etcd-2", "etcd-3"], rows.Take(3).Select(row => row.MemberName));
        Assert.Equal(["etcd-1", "etcd-2", "etcd-3"], rows.Skip(6).Select(row => row.MemberName));
        Assert.All(rows.Take(3), row => Assert.Null(row.GrowthBytesPerSecond));
        Assert.All(rows.Skip(3), row => Assert.Equal(0, row.GrowthBytesPerSecond));
        Assert.Equal(3, rows.Select(row => row.ReadAt).Distinct().Count(at => at is not null));
    }

    [Fact]
    public void A_reading_that_fails_does_not_end_them_and_is_reported_once()
    {
        int readings = 0;
        _cluster.OnCall = _ =>
            ++readings is 2 or 3
                ? throw new EtcdException("NoEndpointAnswered", EtcdErrorCategory.ConnectionError, "no answer")
                : Task.CompletedTask;
        Outcome outcome = Read(12);
        Assert.Equal(["NoEndpointAnswered"], outcome.ErrorIds);
        Assert.Equal(
            [true, false, false, true],
            outcome.Output.Cast<EtcdMemberStatus>().Chunk(3).Select(rows => rows.Any(row => row.IsReachable))
        );
    }

    [Fact]
    public void Readings_never_overlap_and_an_interval_is_from_start_to_start()
    {
        int running = 0;
        List<long> starts = [];
        _cluster.OnGetStatus = async (_, stop) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            starts.Add(TimeProvider.System.GetTimestamp());
            await Task.Delay(starts.Count == 1 ? 1500 : 500, stop);
            Interlocked.Decrement(ref running);
        };
        Assert.Empty(Read(9).ErrorText);
        double first = TimeProvider.System.GetElapsedTime(starts[0], starts[1]).TotalSeconds;
        double second = TimeProvider.System.GetElapsedTime(starts[1], starts[2]).TotalSeconds;

        // The timer and the clock differ by less than this.
        const double Tolerance = 0.05;
        Assert.InRange(first, 1.5 - Tolerance, double.MaxValue);
        Assert.InRange(second, 1 - Tolerance, double.MaxValue);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_reading_that_hangs()
    {
        var began = new TaskCompletionSource();
        _cluster.OnGetStatus = (_, stop) =>
        {
            began.TrySetResult();
            return Task.Delay(Timeout.Infinite, stop);
        };
        Outcome outcome = await _shell.RunAndStopAsync(
            "Get-EtcdMemberStatus -Continuous -Connection $c",
            began.Task,
            ("c", _cluster.Connection)
        );
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public void An_interval_without_Continuous_is_an_error() =>
        Assert.Equal(
            "IntervalWithoutContinuous",
            _shell.RunToError("Get-EtcdMemberStatus -Connection $c -IntervalSeconds 5", ("c", _cluster.Connection))
        );

    public void Dispose() => _shell.Dispose();

    private Outcome Read(int rows) =>
        _shell.Run(
            // The hosted engine has no Select-Object.
            "$n = 0; foreach ($i in 1) { Get-EtcdMemberStatus -Continuous -IntervalSeconds 1 -Connection $c | "
                + $"ForEach-Object {{ $_; if (++$n -eq {rows}) {{ break }} }} }}",
            ("c", _cluster.Connection)
        );
}
