namespace EtcdMaint.Engine.Client;

/// <summary>
/// A key that is read to see whether reads are served, and never written. Users need the right to read it; root, which
/// maintenance needs anyway, may read everything.
/// </summary>
internal static class ProbeKey
{
    public const string Name = "etcdmaint/probe";
}
