using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Tests.Fixtures;

internal static class DefragCalls
{
    /// <summary>Runs all steps of a defragmentation without a pause between them.</summary>
    public static async Task DefragmentAsync(this IMemberClient client, ulong memberId, CallBudget limit)
    {
        using IPreparedDefrag ready = await client.PrepareDefragAsync(memberId, limit);
        await ready.VerifyAsync(limit);
        await ready.SendAsync(limit);
    }
}
