using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Operations.Space;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>The limit on the bytes that are read in a second.</summary>
public sealed class ReadPaceTests
{
    private const long Rate = 100_000;
    private const int CallsAtOnce = 2;

    [Fact]
    public async Task Reads_remain_below_the_rate_except_for_the_calls_that_are_under_way()
    {
        var keys = new MemoryKeys(Enumerable.Range(0, 1000).Select(i => new KeySize($"k{i:d4}", 1000)));
        var time = new FakeTimeProvider();
        var reader = new SpanReader(
            [new MemoryMember(keys).Resolved],
            MemoryMember.FirstRevision,
            new ReadPace(time, Rate),
            time,
            SpaceReads.Limit
        );
        KeySpan[] spans =
        [
            .. Enumerable
                .Range(0, 100)
                .Select(i => new KeySpan($"k{i * 10:d4}", KeySpan.Endless, 10, WithValues: true)),
        ];
        Task<KeySpanReply[]> read = reader.ReadAsync(spans, spansPerCall: 1);
        double seconds = 0;
        // On a loaded machine, the reads continue later than the simulated time, so only the real time has a limit.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!read.IsCompleted)
        {
            Assert.InRange(keys.BytesRead, 0, Rate * (seconds + 0.001) + CallsAtOnce * 10_000);
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{keys.BytesRead} bytes were read");
            time.Advance(TimeSpan.FromMilliseconds(50));
            seconds += 0.05;
            await Task.Yield();
        }
        await read;
        Assert.Equal(1_000_000, keys.BytesRead);
        Assert.True(seconds >= 9, $"{seconds} s");
    }

    /// <summary>Otherwise a run that counted for a minute would then read for a minute without a limit.</summary>
    [Fact]
    public void Time_without_reads_saves_up_at_most_one_second()
    {
        var time = new FakeTimeProvider();
        var pace = new ReadPace(time, Rate);
        time.Advance(TimeSpan.FromMinutes(1));
        pace.Add(Rate);
        Assert.True(pace.WaitAsync(TestContext.Current.CancellationToken).IsCompleted);
        pace.Add(Rate);
        Assert.False(pace.WaitAsync(TestContext.Current.CancellationToken).IsCompleted);
    }
}
