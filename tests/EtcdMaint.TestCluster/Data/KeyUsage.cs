namespace EtcdMaint.TestCluster;

/// <summary>The keys that a data set has under one prefix: what a tool must report about it.</summary>
/// <param name="Prefix">Contains no other prefix of the data set. It ends with a slash, unless it is one key.</param>
/// <param name="Resource">The name that kubectl accepts, with the group; null for keys outside Kubernetes.</param>
/// <param name="Namespace">Null for resources without one.</param>
/// <param name="Bytes">The bytes of the keys and their values.</param>
public sealed record KeyUsage(string Prefix, string? Resource, string? Namespace, int KeyCount, long Bytes);
