namespace EtcdMaint.TestCluster;

/// <summary>How the objects of a resource are named.</summary>
internal enum NameStyle
{
    /// <summary>Like <c>web-2abcd</c>.</summary>
    Plain,

    /// <summary>Like <c>web-5d4f8c7b9d</c>.</summary>
    ReplicaSet,

    /// <summary>Like <c>web-5d4f8c7b9d-2abcd</c>.</summary>
    Pod,

    /// <summary>Like <c>web-5d4f8c7b9d-2abcd.17c3f0a1b2c3d4e5</c>.</summary>
    Event,

    /// <summary>Like <c>node-2abcd.example.internal</c>.</summary>
    Node,

    /// <summary>Like <c>system:controller:web-2abcd</c>.</summary>
    Role,

    /// <summary>Like <c>pvc-</c> and a UUID.</summary>
    Volume,
}

/// <summary>Names as Kubernetes makes them.</summary>
internal static class ObjectNames
{
    // Kubernetes leaves out vowels, and digits that look like them.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    // Some names begin with another one. '-' and '.' sort before '/', so the keys of "web-2" precede those of "web".
    private static readonly string[] Apps =
    [
        "web",
        "web-admin",
        "api",
        "worker",
        "cart",
        "checkout",
        "search",
        "mail",
        "auth",
        "billing",
        "ingest",
        "cache",
    ];

    public static IReadOnlyList<string> Namespaces { get; } =
    [
        "default",
        "kube-system",
        "kube-node-lease",
        "web",
        "web-2",
        "monitoring",
        "argocd",
        "cert-manager",
        "kube-public",
        "logging",
        "ingress-nginx",
        "kyverno",
        "tekton",
        "velero",
        "istio-system",
        .. Enumerable.Range(1, 15).Select(number => $"team-{number}"),
    ];

    public static string Next(NameStyle style, Random random)
    {
        var app = Apps[random.Next(Apps.Length)];
        return style switch
        {
            NameStyle.Plain => $"{app}-{Suffix(random, 5)}",
            NameStyle.ReplicaSet => $"{app}-{Suffix(random, 10)}",
            NameStyle.Pod => $"{app}-{Suffix(random, 10)}-{Suffix(random, 5)}",
            NameStyle.Event => $"{app}-{Suffix(random, 10)}-{Suffix(random, 5)}.{random.NextInt64():x16}",
            NameStyle.Node => $"node-{Suffix(random, 5)}.example.internal",
            NameStyle.Role => $"system:controller:{app}-{Suffix(random, 5)}",
            NameStyle.Volume => $"pvc-{Uuid(random)}",
            _ => throw new ArgumentOutOfRangeException(nameof(style)),
        };
    }

    private static string Suffix(Random random, int length) => new(random.GetItems<char>(Alphabet, length));

    private static Guid Uuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
