namespace EtcdMaint.Engine.Client;

/// <summary>
/// A key that is read to check whether the cluster serves reads. It is never written. Users need the permission to read
/// it; root, which maintenance requires, may read every key.
/// </summary>
internal static class ProbeKey
{
    public const string Name = "etcdmaint/probe";
}
