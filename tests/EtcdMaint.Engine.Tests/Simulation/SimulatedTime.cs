namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// Time that does not advance while anything has work to do, and jumps to the next due event when everything waits.
/// Equal runs are equal to the tick: one thread drives them, and events that are due at the same time keep their order.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (long Due, long Order)> _due = new();
    private readonly Lock _gate = new();
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Simulated time since the start.</summary>
    public TimeSpan Now => new(Interlocked.Read(ref _now));

    /// <summary>Called whenever everything waits; true if that has advanced anything.</summary>
    public Func<bool> Settle { get; set; } = () => false;

    public override DateTimeOffset GetUtcNow() => Epoch + Now;

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void After(TimeSpan delay, Action action)
    {
        lock (_gate)
            _due.Enqueue(action, (_now + Math.Max(0, delay.Ticks), _order++));
    }

    /// <summary>Drives the work to its end; fails if the work waits indefinitely or longer than allowed.</summary>
    public void Run(Func<Task> work, TimeSpan atMost)
    {
        TimeSpan end = Now + atMost;
        Task task = work();
        while (true)
        {
            do PoolCalm.Wait();
            while (Settle());
            if (task.IsCompleted)
                break;
            if (!Step(end))
                throw new InvalidOperationException(
                    $"The work has not ended after {Now} of simulated time: it waits indefinitely or too long."
                );
        }
        task.GetAwaiter().GetResult();
    }

    /// <summary>Lets time pass while no run is active.</summary>
    public void Pass(TimeSpan span)
    {
        TimeSpan end = Now + span;
        while (Step(end))
        {
            do PoolCalm.Wait();
            while (Settle());
        }
        Interlocked.Exchange(ref _now, end.Ticks);
    }

    private bool Step(TimeSpan end)
    {
        Action? action;
        lock (_gate)
        {
            if (!_due.TryPeek(out _, out (long Due, long Order) next) || next.Due > end.Ticks)
                return false;
            action = _due.Dequeue();
            Interlocked.Exchange(ref _now, next.Due);
        }
        action();
        return true;
    }
}
