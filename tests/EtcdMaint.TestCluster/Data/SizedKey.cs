namespace EtcdMaint.TestCluster;

/// <summary>A key to write, with a random value of a given size.</summary>
public readonly record struct SizedKey(string Key, int ValueBytes);
