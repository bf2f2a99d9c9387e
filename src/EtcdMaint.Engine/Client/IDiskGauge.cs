using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>Reads the free space on the data disk of a member. Each access has its own implementation.</summary>
internal interface IDiskGauge
{
    /// <summary>Returns the free bytes, or null if they cannot be read. Throws only if the call is cancelled.</summary>
    Task<long?> ReadFreeBytesAsync(CallBudget limit);
}
