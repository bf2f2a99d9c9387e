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
        Assert.Empty(Read(18).ErrorText);
        double[] gaps =
        [
            .. starts.Zip(starts.Skip(1), (from, to) => TimeProvider.System.GetElapsedTime(from, to).TotalSeconds),
        ];

        // The timer and the clock differ by less than this.
        const double Tolerance = 0.05;
        Assert.InRange(gaps[0], 1.5 - Tolerance, double.MaxValue);
        Assert.All(gaps[1..], gap => Assert.InRange(gap, 1 - Tolerance, double.MaxValue));
        // A whole interval after the end of a reading would be 1.5 seconds. On a busy machine, some readings are late.
        Assert.InRange(gaps[1..].Min(), 1 - Tolerance, 1.4);
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

    [Fact]
    public async Task Each_reading_is_added_to_the_history_and_Ctrl_C_leaves_it_readable()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("etcdmaint-continuous-").FullName, "a.jsonl");
        var third = new TaskCompletionSource();
        int readings = 0;
        _cluster.OnGetStatus = (_, stop) =>
        {
            if (++readings < 3)
                return Task.CompletedTask;
            third.TrySetResult();
            return Task.Delay(Timeout.Infinite, stop);
        };
        Outcome outcome = await _shell.RunAndStopAsync(
            "Get-EtcdMemberStatus -Continuous -IntervalSeconds 1 -Connection $c -HistoryPath $file",
            third.Task,
            ("c", _cluster.Connection),
            ("file", file)
        );
        Assert.Empty(outcome.ErrorText);
        Outcome forecast = _shell.Run("Get-EtcdForecast $file", ("file", file));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        Assert.Empty(forecast.ErrorText);
        Assert.Empty(forecast.Warnings);
        Assert.Equal(2, Assert.IsType<EtcdForecast>(Assert.Single(forecast.Output)).SampleCount);
    }

    public void Dispose() => _shell.Dispose();

    private Outcome Read(int rows) =>
        _shell.Run(
            // The hosted engine has no Select-Object.
            "$n = 0; foreach ($i in 1) { Get-EtcdMemberStatus -Continuous -IntervalSeconds 1 -Connection $c | "
                + $"ForEach-Object {{ $_; if (++$n -eq {rows}) {{ break }} }} }}",
            ("c", _cluster.Connection)
        );
}
