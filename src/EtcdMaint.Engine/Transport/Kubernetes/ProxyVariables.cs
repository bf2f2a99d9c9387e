namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The proxy that kubectl would use according to the variables <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and
/// <c>NO_PROXY</c>. .NET interprets <c>NO_PROXY</c> differently. A server on this machine has no proxy. Source: Go's
/// golang.org/x/net/http/httpproxy.
/// </summary>
internal sealed class ProxyVariables(Func<string, string?> read)
{
    /// <summary>The variables of this process.</summary>
    public static ProxyVariables Own { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>Returns the proxy for a server, or null if there is none.</summary>
    /// <exception cref="EtcdException">The value is not the URL of a proxy.</exception>
    public Uri? Find(Uri server)
    {
        string variable = server.Scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY";
        return Text(variable) is { } text && !IsExempt(server) ? Parse(text, variable) : null;
    }

    private bool IsExempt(Uri server) =>
        server.IsLoopback
        || (Text("NO_PROXY") ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(entry => ProxyExemption.Parse(entry).Covers(server));

    /// <summary>Reads a variable whose name is in upper or lower case.</summary>
    private string? Text(string variable) => Given(read(variable)) ?? Given(read(variable.ToLowerInvariant()));

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>The value is not shown because it may contain a password.</summary>
    private static Uri Parse(string text, string variable)
    {
        string url = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";

        // In Go, socks5h is a SOCKS5 proxy that resolves names itself. In .NET, every SOCKS5 proxy does.
        if (url.StartsWith("socks5h://", StringComparison.OrdinalIgnoreCase))
            url = url.Remove("socks5".Length, 1);
        return
            Uri.TryCreate(url, UriKind.Absolute, out Uri? proxy)
            && proxy.Scheme is "http" or "https" or "socks5"
            && proxy.Host.Length > 0
            ? proxy
            : throw new EtcdException(
                ErrorIds.ProxyVariableUnusable,
                EtcdErrorCategory.InvalidArgument,
                $"The value of the variable {variable} is not the URL of a proxy.",
                "Write it as http://host:port, https://host:port or socks5://host:port, or exempt the "
                    + "server in NO_PROXY.",
                variable
            );
    }
}
