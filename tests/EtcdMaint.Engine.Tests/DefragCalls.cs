using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Tests;

internal static class DefragCalls
{
    /// <summary>All steps of a defragmentation with nothing between them.</summary>
    public static async Task DefragmentAsync(this IMemberClient client, ulong memberId, CallLimit limit)
    {
        using IPreparedDefrag ready = await client.PrepareDefragAsync(memberId, limit);
        await ready.VerifyAsync(limit);
        await ready.SendAsync(limit);
    }
}
