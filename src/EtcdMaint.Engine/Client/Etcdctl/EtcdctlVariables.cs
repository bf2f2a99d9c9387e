namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// The variables that change what etcdctl does or prints, in releases 3.4 to 3.7. Each flag that a command inherits has
/// a variable; the flags of a single command have none. Sources: etcd-io/etcd, etcdctl/ctlv3/ctl.go, command/global.go,
/// command/ep_command.go (cluster), pkg/flags/flag.go, and etcdctl/main.go of 3.5 (API).
/// </summary>
internal static class EtcdctlVariables
{
    public const string Prefix = "ETCDCTL_";

    public const string Api = Prefix + "API";

    public const string AuthToken = Prefix + "AUTH_JWT_TOKEN";

    public const string RequestLimit = Prefix + "MAX_REQUEST_BYTES";

    public const string ReceiveLimit = Prefix + "MAX_RECV_BYTES";

    public static readonly IReadOnlyList<string> All =
    [
        Api,
        AuthToken,
        RequestLimit,
        ReceiveLimit,
        .. new[]
        {
            "cacert",
            "cert",
            "cluster",
            "command-timeout",
            "debug",
            "dial-timeout",
            "discovery-srv",
            "discovery-srv-name",
            "endpoints",
            "hex",
            "insecure-discovery",
            "insecure-skip-tls-verify",
            "insecure-transport",
            "keepalive-time",
            "keepalive-timeout",
            "key",
            "password",
            "user",
            "write-out",
        }.Select(Of),
    ];

    /// <summary>Returns the variable of a flag.</summary>
    public static string Of(string flag) => Prefix + flag.ToUpperInvariant().Replace('-', '_');
}
