using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// The connection of one run to all members, derived from a seed: calls take up to three seconds each way, mostly far
/// less; some are refused, the answers of some are lost, and some reach the member only long after the run has canceled
/// them.
/// </summary>
/// <param name="time">The time of the run.</param>
/// <param name="cluster">The time of the cluster.</param>
/// <param name="random">Decides about each call.</param>
/// <param name="troubled">The share of calls that are affected.</param>
internal sealed class UnreliableLine(SuspendableTime time, SimulatedTime cluster, Random random, double troubled)
{
    public async Task<T> SendAsync<T>(MemberAddress place, CallBudget limit, Func<CallBudget, Task<T>> send)
    {
        try
        {
            await DelayAsync(3 * Math.Pow(random.NextDouble(), 4)).ConfigureAwait(false);
            if (random.NextDouble() >= troubled)
                return await send(limit).ConfigureAwait(false);
            return random.Next(3) switch
            {
                0 => throw MemberCallException.Create(CallFailure.Refused, place),
                1 => await LoseAsync(place, send(limit)).ConfigureAwait(false),
                _ => await SendLateAsync(place, limit, send).ConfigureAwait(false),
            };
        }
        finally
        {
            await DelayAsync(3 * Math.Pow(random.NextDouble(), 4)).ConfigureAwait(false);
            await time.WhenRunning().ConfigureAwait(false);
        }
    }

    private static async Task<T> LoseAsync<T>(MemberAddress place, Task<T> sent)
    {
        await sent.ConfigureAwait(false);
        throw MemberCallException.Create(CallFailure.ConnectionLost, place);
    }

    /// <summary>The call waits in the socket of a frozen member, for up to three minutes.</summary>
    private async Task<T> SendLateAsync<T>(MemberAddress place, CallBudget limit, Func<CallBudget, Task<T>> send)
    {
        _ = ArriveAsync();
        await Task.Delay(limit.Timeout, cluster, CancellationToken.None).ConfigureAwait(false);
        throw MemberCallException.Create(CallFailure.TimedOut, place);

        async Task ArriveAsync()
        {
            await DelayAsync(1 + (180 * random.NextDouble())).ConfigureAwait(false);
            try
            {
                await send(new CallBudget(limit.Timeout, CancellationToken.None)).ConfigureAwait(false);
            }
            catch (EtcdException)
            {
                // Only its effect matters.
            }
        }
    }

    private Task DelayAsync(double seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), cluster, CancellationToken.None);
}
