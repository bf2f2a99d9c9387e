using System.Globalization;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>One call of etcdctl: the command with its own arguments, and its time limit.</summary>
/// <param name="Command">The command, without the flags that all commands share.</param>
/// <param name="IsJson">Whether the output is read as JSON.</param>
/// <param name="Timeout">The timeout that is passed to etcdctl.</param>
/// <param name="Input">The standard input.</param>
internal sealed record EtcdctlCall(
    IReadOnlyList<string> Command,
    bool IsJson,
    TimeSpan Timeout,
    ReadOnlyMemory<byte> Input
)
{
    private static readonly TimeSpan LongestDial = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(1);

    /// <summary>The shared flags that this call needs.</summary>
    public IEnumerable<EtcdctlFlag> Flags(EtcdctlSettings settings)
    {
        TimeSpan whole = Timeout > ShortestTimeout ? Timeout : ShortestTimeout;
        yield return new EtcdctlFlag("endpoints", settings.Endpoint.ToString());
        yield return new EtcdctlFlag("command-timeout", Milliseconds(whole));
        yield return new EtcdctlFlag("dial-timeout", Milliseconds(whole < LongestDial ? whole : LongestDial));
        if (settings.CAFile is not null)
            yield return new EtcdctlFlag("cacert", settings.CAFile);
        if (settings.CertificateFile is not null)
            yield return new EtcdctlFlag("cert", settings.CertificateFile);
        if (settings.KeyFile is not null)
            yield return new EtcdctlFlag("key", settings.KeyFile);
        if (settings.SkipCertificateCheck)
            yield return new EtcdctlFlag("insecure-skip-tls-verify", "true");
        if (IsJson)
            yield return new EtcdctlFlag("write-out", "json");
    }

    /// <summary>
    /// The other shared flags with the defaults of etcdctl. They change nothing, but etcdctl refuses to run if such a
    /// flag and its variable are both specified, so no variable can change the call unnoticed. insecure-transport
    /// applies only to endpoints without a scheme.
    /// </summary>
    public IEnumerable<EtcdctlFlag> Defaults(EtcdctlSettings settings)
    {
        yield return new EtcdctlFlag("debug", "false");
        yield return new EtcdctlFlag("discovery-srv", "");
        yield return new EtcdctlFlag("hex", "false");
        if (!settings.SkipCertificateCheck)
            yield return new EtcdctlFlag("insecure-skip-tls-verify", "false");
        yield return new EtcdctlFlag("keepalive-time", "2s");
        yield return new EtcdctlFlag("keepalive-timeout", "6s");
        yield return new EtcdctlFlag("user", "");
        if (Command[0] == "endpoint")
            yield return new EtcdctlFlag("cluster", "false");
    }

    private static string Milliseconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms");
}
