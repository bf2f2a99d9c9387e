using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Decides whether a variable that cannot be taken from etcdctl does what a flag would do, so that the flag can be left
/// out. The endpoint must be the very same, since another one may be another member's.
/// </summary>
internal static class EtcdctlAgreement
{
    /// <summary>A connection that is waited for as long as this is no other connection.</summary>
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

            // The runner of etcdctl ends a longer wait.
            "command-timeout" => GoDuration.Read(value) >= GoDuration.Read(flag.Value),
            "dial-timeout" or "keepalive-time" or "keepalive-timeout" => GoDuration.Read(value) >= EnoughToConnect,
            "insecure-skip-tls-verify" => value == flag.Value || !settings.Endpoint.IsTls,
            _ => value == flag.Value,
        };

    /// <summary>What is wrong with a variable, for people.</summary>
    public static string Describe(string variable, string? value, EtcdctlFlag? flag) =>
        Secrets.Contains(variable) ? $"{variable} is set"
        : variable == EtcdctlVariables.Api ? $"{variable} is set to another version than 3"
        : value is null ? $"{variable} is set, and its value is unknown"
        : flag is null ? $"{variable} is '{Shown(value)}'"
        : $"{variable} is '{Shown(value)}', and '{flag.Value}' is needed";

    /// <summary>What stands before an @ may be a password.</summary>
    private static string Shown(string value) => value.LastIndexOf('@') is >= 0 and var at ? "…" + value[at..] : value;

    /// <summary>The same host and port in the same letters, with the same scheme or none.</summary>
    private static bool IsEndpoint(string text, EtcdEndpoint wanted)
    {
        string address = $"{wanted.Uri.Host}:{wanted.Port}";
        string url = $"{wanted.Uri.Scheme}://{address}";
        return text == address || text == url || text == $"{url}/";
    }
}
