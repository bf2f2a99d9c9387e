using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;

namespace EtcdMaint.Engine.Maintenance.Gates;

/// <summary>Reads the cluster and waits for gates that may open by themselves.</summary>
internal sealed class GateKeeper(ClusterContext context, DefragRequest request, IRunObserver observer)
{
    private const string InFlight = "DefragInFlight";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Before a run there is no reason for a member to be restarting or far behind.</summary>
    private static readonly TimeSpan PatienceBefore = TimeSpan.FromSeconds(5);

    /// <summary>Within a run an election, an apply backlog or a restart is over in this time, or something is wrong.</summary>
    private static readonly TimeSpan PatienceWithin = TimeSpan.FromSeconds(30);

    /// <summary>A foreign defragmentation ends when it ends.</summary>
    private static readonly TimeSpan DefragPatience = TimeSpan.FromMinutes(30);

    /// <summary>What was read when all gates were open; else the refusal is thrown.</summary>
    public async Task<ClusterState> PassAsync(ulong? next, CancellationToken stop)
    {
        long started = context.Time.GetTimestamp();
        string? told = null;
        while (true)
        {
            var limit = new CallLimit(request.CallTimeout, stop);
            ClusterState state = await ClusterState.ReadAsync(context, limit).ConfigureAwait(false);
            if (state.LoginFailure is { } denied)
                throw denied;
            GateRefusal? closed = ClusterGate.FindClosed(state, next, request.Override);
            if (closed is null)
                return state;

            // What a foreign defragmentation has held up has its own time to pass.
            if (told == InFlight && closed.Gate != InFlight)
                started = context.Time.GetTimestamp();
            TimeSpan patience = closed.Gate == InFlight ? DefragPatience : next is null ? PatienceBefore : PatienceWithin;
            if (!closed.MayPass || request.PlanOnly || context.Time.GetElapsedTime(started) >= patience)
                throw closed.ToException();
            if (told != closed.Gate)
                observer.Tell($"Waiting: {closed.Why}");
            told = closed.Gate;
            await Task.Delay(Pause, context.Time, stop).ConfigureAwait(false);
        }
    }
}
