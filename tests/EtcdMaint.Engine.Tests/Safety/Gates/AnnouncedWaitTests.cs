using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

public sealed class AnnouncedWaitTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly RunRecorder _recorder = new();
    private readonly AnnouncedWait _waiter;

    public AnnouncedWaitTests() => _waiter = new AnnouncedWait(_time, _recorder, "test");

    [Fact]
    public async Task A_gate_that_needs_an_operator_is_not_waited_for() =>
        Assert.False(await WaitAsync("CorruptArmed", GateWait.Never));

    [Fact]
    public async Task A_brief_gate_is_waited_for_without_a_warning()
    {
        Assert.Equal(10, await CountWaitsAsync("NoLeader", GateWait.Brief));
        Assert.Empty(_recorder.Warnings);
        Assert.DoesNotContain("progress", _recorder.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_of_another_client_is_waited_for_30_minutes_with_one_warning_and_progress()
    {
        Assert.Equal(3600, await CountWaitsAsync("MemberSilent", GateWait.UntilWorkEnds));
        Assert.Single(_recorder.Warnings, w => w.StartsWith("MemberSilent: ", StringComparison.Ordinal));
        Assert.Contains("progress", _recorder.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_that_the_work_has_delayed_has_its_own_time_limit()
    {
        await CountWaitsAsync("DefragInFlight", GateWait.UntilWorkEnds);
        Assert.Equal(10, await CountWaitsAsync("MemberBehind", GateWait.Brief));
    }

    private Task<bool> WaitAsync(string gate, GateWait wait) =>
        _waiter.WaitAsync(
            new WaitReason(gate, wait, "It is closed."),
            new GateWaitPolicy(TimeSpan.FromSeconds(5)),
            CancellationToken.None
        );

    /// <summary>How many poll intervals the waiter waits before it gives up.</summary>
    private async Task<int> CountWaitsAsync(string gate, GateWait wait)
    {
        for (int waits = 0; ; waits++)
        {
            Task<bool> waiting = WaitAsync(gate, wait);
            if (!waiting.IsCompleted)
                _time.Advance(TimeSpan.FromMilliseconds(500));
            if (!await waiting)
                return waits;
        }
    }
}
