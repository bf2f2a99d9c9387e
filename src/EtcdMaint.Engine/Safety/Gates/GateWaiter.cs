using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>Reads the cluster until all gates are open, or until a closed gate is no longer waited for.</summary>
internal sealed class GateWaiter(
    ClusterContext context,
    string clusterName,
    DefragRequest request,
    IRunObserver observer
)
{
    private readonly AnnouncedWait _waiter = new(context.Time, observer, clusterName);

    /// <summary>Returns the state when all gates are open. Otherwise throws the refusal.</summary>
    public async Task<ClusterState> PassAsync(ulong? next, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                ClusterState state = await ClusterState
                    .ReadAsync(context, new CallBudget(request.CallTimeout, cancellationToken))
                    .ConfigureAwait(false);
                if (state.LoginFailure is { } denied)
                    throw denied;
                if (ClusterGates.FindClosed(state, next, request.Override) is not { } closed)
                    return state;
                GateWaitPolicy policy = next is null ? GateWaitPolicy.BeforeRun : GateWaitPolicy.WithinRun;
                await WaitAsync(closed, policy, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _waiter.End();
        }
    }

    private async Task WaitAsync(GateRefusal closed, GateWaitPolicy policy, CancellationToken cancellationToken)
    {
        bool isPointless = request.PlanOnly || context.Time.GetUtcNow() >= request.NotAfter;
        if (
            isPointless
            || !await _waiter
                .WaitAsync(new WaitReason(closed.Gate.ToString(), closed.Wait, closed.Why), policy, cancellationToken)
                .ConfigureAwait(false)
        )
            throw closed.ToException();
    }
}
