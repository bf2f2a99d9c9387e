namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The proxy that kubectl would use by the variables <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c>, of
/// which .NET reads the last one differently; none on this machine itself. Source: Go's
/// golang.org/x/net/http/httpproxy.
/// </summary>
internal sealed class ProxyVariables(Func<string, string?> read)
{
    /// <summary>Those of this process.</summary>
    public static ProxyVariables Own { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>Null for none.</summary>
    /// <exception cref="EtcdException">What stands there is no URL of a proxy.</exception>
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

    /// <summary>In capitals or not.</summary>
    private string? Text(string variable) => Given(read(variable)) ?? Given(read(variable.ToLowerInvariant()));

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>What stands there is not shown: it may hold a password.</summary>
    private static Uri Parse(string text, string variable)
    {
        string url = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";

        // Go's name for a SOCKS5 proxy that looks names up itself; .NET lets each do that.
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
                $"The variable {variable} is not a URL of a proxy.",
                "Write it as http://host:port, https://host:port or socks5://host:port, or exempt the "
                    + "server in NO_PROXY.",
                variable
            );
    }
}
