using System.Net;

namespace EtcdMaint.Engine.Transport;

/// <summary>Scheme, host and port of a client endpoint.</summary>
internal sealed record EtcdEndpoint(bool IsTls, string Host, int Port)
{
    public const int DefaultPort = 2379;

    public Uri Uri => new UriBuilder(IsTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, Host, Port).Uri;

    public bool IsLoopback =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// Reads a URL or <c>host[:port]</c>. Without a scheme, it is https if TLS is expected, and http otherwise.
    /// </summary>
    public static EtcdEndpoint Parse(string text, bool tlsWhenUnsaid)
    {
        string trimmed = text.Trim();
        bool hasScheme = trimmed.Contains("://", StringComparison.Ordinal);
        string url = hasScheme ? trimmed : (tlsWhenUnsaid ? "https://" : "http://") + Bracketed(trimmed);
        return TryRead(url) ?? throw Malformed(trimmed);
    }

    /// <summary>Reads an advertised URL. Returns null if no connection can be made to it.</summary>
    public static EtcdEndpoint? TryParse(string url) => TryRead(url.Trim());

    public override string ToString() => Uri.GetLeftPart(UriPartial.Authority);

    private static EtcdEndpoint? TryRead(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri))
            return null;
        bool isTls = uri.Scheme == Uri.UriSchemeHttps;
        if (!isTls && uri.Scheme != Uri.UriSchemeHttp)
            return null;
        if (
            uri.Host.Length == 0
            || uri.UserInfo.Length > 0
            || uri.AbsolutePath != "/"
            || uri.Query.Length > 0
            || uri.Fragment.Length > 0
        )
            return null;

        // Uri does not show whether a default port was specified, so the text must contain 80 or 443 for it to be used.
        bool hasPort =
            uri.Port > 0 && (!uri.IsDefaultPort || url.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal));
        return new EtcdEndpoint(isTls, uri.IdnHost, hasPort ? uri.Port : DefaultPort);
    }

    private static string Bracketed(string text) =>
        !text.StartsWith('[')
        && IPAddress.TryParse(text, out IPAddress? address)
        && address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{text}]"
            : text;

    private static EtcdException Malformed(string text)
    {
        // The text before an @ may contain a password.
        string shown = text.Contains('@', StringComparison.Ordinal) ? "…@" + text[(text.LastIndexOf('@') + 1)..] : text;
        return new EtcdException(
            ErrorIds.MalformedEndpoint,
            EtcdErrorCategory.InvalidArgument,
            $"'{shown}' is not an endpoint.",
            "Write it as https://host:port, http://host:port or host:port, without a path or a user.",
            shown
        );
    }
}
