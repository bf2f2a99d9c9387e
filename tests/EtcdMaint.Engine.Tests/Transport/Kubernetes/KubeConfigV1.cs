namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// The fields of the types of a kubeconfig, by their names in the file, each after the path of its type. Source:
/// kubernetes/kubernetes, staging/src/k8s.io/client-go/tools/clientcmd/api/v1/types.go.
/// </summary>
internal static class KubeConfigV1
{
    private static readonly (string Type, string[] Fields)[] Types =
    [
        ("", ["kind", "apiVersion", "preferences", "clusters", "users", "contexts", "current-context", "extensions"]),
        ("preferences", ["colors", "extensions"]),
        ("clusters", ["name", "cluster"]),
        ("contexts", ["name", "context"]),
        ("users", ["name", "user"]),
        ("extensions", ["name", "extension"]),
        (
            "cluster",
            [
                "server",
                "tls-server-name",
                "insecure-skip-tls-verify",
                "certificate-authority",
                "certificate-authority-data",
                "proxy-url",
                "disable-compression",
                "extensions",
            ]
        ),
        ("context", ["cluster", "user", "namespace", "extensions"]),
        (
            "user",
            [
                "client-certificate",
                "client-certificate-data",
                "client-key",
                "client-key-data",
                "token",
                "tokenFile",
                "as",
                "as-uid",
                "as-groups",
                "as-user-extra",
                "username",
                "password",
                "auth-provider",
                "exec",
                "extensions",
            ]
        ),
        ("user.auth-provider", ["name", "config"]),
        ("user.exec", ["command", "args", "env", "apiVersion", "installHint", "provideClusterInfo", "interactiveMode"]),
        ("user.exec.env", ["name", "value"]),
    ];

    public static IReadOnlyList<string> Fields { get; } =
    [.. Types.SelectMany(t => t.Fields.Select(f => t.Type.Length == 0 ? f : $"{t.Type}.{f}"))];

    /// <summary>The names of all fields of all types.</summary>
    public static IReadOnlySet<string> Names { get; } = Types.SelectMany(t => t.Fields).ToHashSet();
}
