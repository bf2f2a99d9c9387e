using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Decides whether a variable that cannot be unset for etcdctl has the same effect as a flag, so that the flag can be
/// omitted. The endpoint must be identical, because another endpoint may belong to another member.
/// </summary>
internal static class EtcdctlAgreement
{
    /// <summary>The shortest timeout in a variable that does not change the result of a connection attempt.</summary>
    private static readonly TimeSpan EnoughToConnect = TimeSpan.FromSeconds(1);

    private static readonly string[] Secrets =
    [
        EtcdctlVariables.Of("user"),
        EtcdctlVariables.Of("password"),
        EtcdctlVariables.AuthToken,
    ];

    public static bool Holds(EtcdctlFlag flag, string value, EtcdctlSettings settings) =>
        flag.Name switch
        {
            "endpoints" => IsEndpoint(value, settings.Endpoint),

            // The runner of etcdctl stops a longer call.
            "command-timeout" => GoDuration.Read(value) >= GoDuration.Read(flag.Value),
            "dial-timeout" or "keepalive-time" or "keepalive-timeout" => GoDuration.Read(value) >= EnoughToConnect,
            "insecure-skip-tls-verify" => value == flag.Value || !settings.Endpoint.IsTls,
            _ => value == flag.Value,
        };

    /// <summary>Describes the problem with a variable, for messages.</summary>
    public static string Describe(string variable, string? value, EtcdctlFlag? flag) =>
        Secrets.Contains(variable) ? $"{variable} is set"
        : variable == EtcdctlVariables.Api ? $"{variable} is set to an API version other than 3"
        : value is null ? $"{variable} is set, and its value is unknown"
        : flag is null ? $"{variable} is '{Shown(value)}'"
        : $"{variable} is '{Shown(value)}', but '{flag.Value}' is required";

    /// <summary>The text before an @ may contain a password.</summary>
    private static string Shown(string value) => value.LastIndexOf('@') is >= 0 and var at ? "…" + value[at..] : value;

    /// <summary>
    /// Whether the text is the same host and port in the same spelling, with the same scheme or none.
    /// </summary>
    private static bool IsEndpoint(string text, EtcdEndpoint wanted)
    {
        string address = $"{wanted.Uri.Host}:{wanted.Port}";
        string url = $"{wanted.Uri.Scheme}://{address}";
        return text == address || text == url || text == $"{url}/";
    }
}
