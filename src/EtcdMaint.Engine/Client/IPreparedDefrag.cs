using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// A defragmentation that is ready to be sent, over a way in that reaches one particular member or none. Disposing it
/// without sending sends nothing.
/// </summary>
internal interface IPreparedDefrag : IDisposable
{
    /// <summary>Shows that this very member answers here now.</summary>
    Task VerifyAsync(CallBudget limit);

    /// <summary>
    /// Sends one Defragment, never a second one. The server continues when the limit passes: the member may still be
    /// defragmenting.
    /// </summary>
    Task SendAsync(CallBudget limit);
}
