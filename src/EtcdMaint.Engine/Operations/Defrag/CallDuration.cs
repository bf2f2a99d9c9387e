using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The duration of a call to a member, and the part of it that the access explains.</summary>
/// <param name="Total">How long the caller waited.</param>
/// <param name="ByAccess">How long a ping over the same access waited too. A call that is answered quickly needs no
/// ping, and then the part is zero.</param>
internal readonly record struct CallDuration(TimeSpan Total, TimeSpan ByAccess)
{
    /// <summary>The part that the access does not explain, so that the member or its cluster caused it.</summary>
    public TimeSpan ByMember => Total > ByAccess ? Total - ByAccess : TimeSpan.Zero;

    /// <summary>Waits until the call has ended, with or without success.</summary>
    /// <param name="call">The call, which has just been sent.</param>
    /// <param name="client">The client that sent it.</param>
    /// <param name="limit">The limit of the call.</param>
    /// <param name="time">The clock.</param>
    public static async Task<CallDuration> MeasureAsync(
        Task call,
        IMemberClient client,
        CallBudget limit,
        TimeProvider time
    )
    {
        long started = time.GetTimestamp();
        await call.WaitAsync(Limits.Defrag.NoticeableStall, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.IsCompleted)
            return new CallDuration(time.GetElapsedTime(started), TimeSpan.Zero);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        long pinged = time.GetTimestamp();
        Task ping = client.PingAsync(limit with { Stop = over.Token });
        bool isAccessSlower = await Task.WhenAny(call, ping).ConfigureAwait(false) == call;
        TimeSpan byAccess = time.GetElapsedTime(pinged);
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TimeSpan total = time.GetElapsedTime(started);
        if (isAccessSlower)
            byAccess = total;
        await over.CancelAsync().ConfigureAwait(false);
        await ping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new CallDuration(total, byAccess);
    }
}
