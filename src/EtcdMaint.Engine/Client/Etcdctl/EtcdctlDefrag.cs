using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Runs <c>etcdctl defrag</c>. Only the message of etcdctl proves success: the API server can report exit code 0 for a
/// program whose end it did not observe.
/// </summary>
internal sealed class EtcdctlDefrag(EtcdctlCaller caller, MemberAddress place, Func<CallBudget, Task> verify)
    : IPreparedDefrag
{
    /// <summary>The message is the same in 3.4, 3.5 and 3.6. Source: etcdctl/ctlv3/command/defrag_command.go.</summary>
    private const string Defragmented = "Finished defragmenting";

    public Task VerifyAsync(CallBudget limit) => verify(limit);

    public async Task SendAsync(CallBudget limit)
    {
        string output = await caller.RunAsync(["defrag"], limit).ConfigureAwait(false);
        if (!output.Contains(Defragmented, StringComparison.Ordinal))
            throw MemberCallException.Create(
                CallFailure.ConnectionLost,
                place,
                "etcdctl did not report that it finished"
            );
    }

    public void Dispose() { }
}
