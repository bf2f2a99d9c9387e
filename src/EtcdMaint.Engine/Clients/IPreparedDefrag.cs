namespace EtcdMaint.Engine.Clients;

/// <summary>A defragmentation that can be sent to the member that has just answered. Disposing it without sending sends nothing.</summary>
internal interface IPreparedDefrag : IDisposable
{
    /// <summary>
    /// Sends one Defragment, never a second one. The server continues when the limit passes: the member may still be
    /// defragmenting.
    /// </summary>
    Task SendAsync(CallLimit limit);
}
