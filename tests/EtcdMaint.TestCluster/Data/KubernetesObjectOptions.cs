namespace EtcdMaint.TestCluster;

/// <summary>The data set to make; the default is small enough for a test.</summary>
public sealed record KubernetesObjectOptions
{
    /// <summary>Data sets with equal options have equal keys and sizes; the contents of values differ.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The number of objects below <see cref="Root"/>; a few more keys are outside of it.</summary>
    public int Keys { get; init; } = 2_000;

    /// <summary>The number of resources; each has at least one object.</summary>
    public int Resources { get; init; } = 20;

    /// <summary>At most <see cref="MaxNamespaces"/>.</summary>
    public int Namespaces { get; init; } = 8;

    /// <summary>The prefix of the API server, its option <c>--etcd-prefix</c>.</summary>
    public string Root { get; init; } = "/registry";

    /// <summary>The mean of all values below <see cref="Root"/>.</summary>
    public int AverageValueBytes { get; init; } = 1_900;

    /// <summary>The number of known names of namespaces.</summary>
    public static int MaxNamespaces => ObjectNames.Namespaces.Count;
}
