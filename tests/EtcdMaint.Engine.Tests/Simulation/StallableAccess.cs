using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// The access of a run to all members, such as an API server: while it stalls, it passes on neither requests nor
/// answers. The members continue their work.
/// </summary>
internal sealed class StallableAccess(SimulatedTime time)
{
    private TimeSpan _until;

    public void StallFor(TimeSpan span) => _until = time.Now + span;

    public async Task<T> SendAsync<T>(MemberAddress place, CallBudget limit, Func<CallBudget, Task<T>> send)
    {
        TimeSpan end = time.Now + limit.Timeout;
        await PassAsync(place, end, limit.Stop).ConfigureAwait(false);
        Task<T> sent = send(limit with { Timeout = end - time.Now });
        await ((Task)sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await PassAsync(place, end, limit.Stop).ConfigureAwait(false);
        return await sent.ConfigureAwait(false);
    }

    private async Task PassAsync(MemberAddress place, TimeSpan end, CancellationToken stop)
    {
        while (time.Now < _until)
        {
            if (time.Now >= end)
                throw MemberCallException.Create(CallFailure.TimedOut, place);
            TimeSpan wait = (_until < end ? _until : end) - time.Now;

            // A delay counts whole milliseconds.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, stop)
                .ConfigureAwait(false);
        }
    }
}
