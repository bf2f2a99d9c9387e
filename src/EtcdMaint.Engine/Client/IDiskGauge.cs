using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>Reads how much room a member has on the disk of its data; each way in has its own means.</summary>
internal interface IDiskGauge
{
    /// <summary>Bytes; null where they cannot be read. Throws nothing but on a stop.</summary>
    Task<long?> ReadFreeBytesAsync(CallBudget limit);
}
