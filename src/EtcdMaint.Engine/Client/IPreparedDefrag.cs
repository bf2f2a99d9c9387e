using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// A defragmentation that is ready to be sent, over a connection that reaches one particular member or none. If it is
/// disposed without being sent, nothing is sent.
/// </summary>
internal interface IPreparedDefrag : IDisposable
{
    /// <summary>Verifies that this member answers here now.</summary>
    Task VerifyAsync(CallBudget limit);

    /// <summary>
    /// Sends one Defragment and never repeats it. The server continues after the time limit, so the member may still be
    /// defragmenting.
    /// </summary>
    Task SendAsync(CallBudget limit);
}
