using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Failures;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Client.Metrics;

/// <summary>Which source of metrics is read, and how often a failing source is tried again.</summary>
[Trait("Kind", "Real")]
public sealed class MetricsReaderTests
{
    private static readonly MemberMetrics Page = new() { MemberId = 7, IsDefragmenting = true };

    private readonly FakeTimeProvider _time = new();

    private static CallBudget Limit => new(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(nameof(CallFailure.AccessForbidden))]
    [InlineData(nameof(CallFailure.SshForwardingRefused))]
    [InlineData(nameof(CallFailure.ProgramMissing))]
    [InlineData(nameof(CallFailure.CertificateUnreadable))]
    [InlineData(nameof(CallFailure.NotEtcd))]
    public async Task A_source_that_can_never_work_is_tried_once(string failure)
    {
        var source = new ScriptedSource(_ => throw new DialException(Enum.Parse<CallFailure>(failure), "no"));
        using var reader = new MetricsReader([source], _time);
        Assert.Null(await reader.ReadAsync(Limit));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await reader.ReadAsync(Limit));
        Assert.Equal(1, source.Calls);
    }

    [Fact]
    public async Task A_page_that_names_no_member_is_not_used_and_not_read_again()
    {
        var source = new ScriptedSource(_ => new MemberMetrics { IsDefragmenting = true });
        using var reader = new MetricsReader([source], _time);
        Assert.Null(await reader.ReadAsync(Limit));
        Assert.Null(await reader.ReadAsync(Limit));
        Assert.Equal(1, source.Calls);
    }

    [Fact]
    public async Task The_delay_after_a_failure_is_twice_its_duration_and_doubles_with_each_further_failure()
    {
        var source = new ScriptedSource(call =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return call < 3 ? throw new DialException(CallFailure.TimedOut, "late") : Page;
        });
        using var reader = new MetricsReader([source], _time);
        foreach (int pause in new[] { 2, 4 })
        {
            int calls = source.Calls;
            Assert.Null(await reader.ReadAsync(Limit));
            _time.Advance(TimeSpan.FromSeconds(pause - 0.1));
            Assert.Null(await reader.ReadAsync(Limit));
            Assert.Equal(calls + 1, source.Calls);
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }
        Assert.Equal(Page, await reader.ReadAsync(Limit));
        Assert.Equal(Page, await reader.ReadAsync(Limit));
    }

    [Fact]
    public async Task A_source_that_fails_for_hours_is_still_tried_every_five_minutes()
    {
        var source = new ScriptedSource(_ =>
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            throw new DialException(CallFailure.TimedOut, "late");
        });
        using var reader = new MetricsReader([source], _time);
        for (int i = 0; i < 20; i++)
        {
            await reader.ReadAsync(Limit);
            _time.Advance(TimeSpan.FromMinutes(5));
        }
        Assert.Equal(20, source.Calls);
    }

    [Fact]
    public async Task The_next_source_is_tried_within_the_same_limit_when_the_first_one_fails()
    {
        var first = new ScriptedSource(_ =>
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            throw new DialException(CallFailure.Refused, "no");
        });
        var second = new ScriptedSource(_ => Page);
        using var reader = new MetricsReader([first, second], _time);
        Assert.Equal(Page, await reader.ReadAsync(Limit));
        Assert.Equal(TimeSpan.FromSeconds(3), first.Given);
        Assert.Equal(TimeSpan.FromSeconds(2), second.Given);
        Assert.Equal(Page, await reader.ReadAsync(Limit));
        Assert.Equal((1, 2), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task A_stop_does_not_count_as_a_failure()
    {
        using var stop = new CancellationTokenSource();
        var source = new ScriptedSource(call =>
        {
            if (call > 1)
                return Page;
            stop.Cancel();
            throw new DialException(CallFailure.TimedOut, "late");
        });
        using var reader = new MetricsReader([source], _time);
        await Assert.ThrowsAsync<OperationCanceledException>(() => reader.ReadAsync(Limit with { Stop = stop.Token }));
        Assert.Equal(Page, await reader.ReadAsync(Limit));
    }

    private sealed class ScriptedSource(Func<int, MemberMetrics> answer) : IMetricsSource
    {
        public int Calls { get; private set; }

        public TimeSpan Given { get; private set; }

        public Task<MemberMetrics> ReadAsync(CallBudget limit)
        {
            Given = limit.Timeout;
            return Task.FromResult(answer(++Calls));
        }

        public void Dispose() { }
    }
}
