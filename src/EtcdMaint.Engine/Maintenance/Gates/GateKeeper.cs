using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;

namespace EtcdMaint.Engine.Maintenance.Gates;

/// <summary>Reads the cluster until all gates are open, or one is closed that is not worth waiting for.</summary>
internal sealed class GateKeeper(ClusterContext context, string clusterName, DefragRequest request, IRunObserver observer)
{
    /// <summary>Before a run there is no reason for a member to be restarting or far behind.</summary>
    private static readonly TimeSpan BriefBefore = TimeSpan.FromSeconds(5);

    /// <summary>Within a run an election, an apply backlog or a restart is over in this time, or something is wrong.</summary>
    private static readonly TimeSpan BriefWithin = TimeSpan.FromSeconds(30);

    private readonly GateWaiter _waiter = new(context.Time, observer, clusterName);

    /// <summary>What was read when all gates were open; else the refusal is thrown.</summary>
    public async Task<ClusterState> PassAsync(ulong? next, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                ClusterState state = await ClusterState.ReadAsync(context, new CallLimit(request.CallTimeout, stop)).ConfigureAwait(false);
                if (state.LoginFailure is { } denied)
                    throw denied;
                if (ClusterGate.FindClosed(state, next, request.Override) is not { } closed)
                    return state;
                await WaitAsync(closed, next is null ? BriefBefore : BriefWithin, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            _waiter.End();
        }
    }

    private async Task WaitAsync(GateRefusal closed, TimeSpan brief, CancellationToken stop)
    {
        bool isPointless = request.PlanOnly || context.Time.GetUtcNow() >= request.NotAfter;
        if (isPointless || !await _waiter.WaitAsync(closed.Gate.ToString(), closed.Wait, closed.Why, brief, stop).ConfigureAwait(false))
            throw closed.ToException();
    }
}
