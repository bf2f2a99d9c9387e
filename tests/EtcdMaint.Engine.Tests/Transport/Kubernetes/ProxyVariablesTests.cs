using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>The proxy is the one that kubectl would use. The cases are those of Go's httpproxy.</summary>
public sealed class ProxyVariablesTests
{
    private const string Proxy = "http://proxy:3128";

    [Theory]
    [InlineData("*", "https://api.corp.example")]
    [InlineData("corp.example", "https://corp.example")]
    [InlineData("corp.example", "https://api.corp.example:6443")]
    [InlineData(" other , CORP.example ", "https://api.corp.example")]
    [InlineData(".corp.example", "https://api.corp.example")]
    [InlineData("*.corp.example", "https://api.corp.example")]
    [InlineData("corp.example:6443", "https://api.corp.example:6443")]
    [InlineData("corp.example:443", "https://api.corp.example")]
    [InlineData("svc", "https://kubernetes.default.svc")]
    [InlineData("10.0.0.0/8", "https://10.96.0.1")]
    [InlineData("10.96.0.1/8", "https://10.1.2.3")]
    [InlineData("10.96.0.1", "https://10.96.0.1:6443")]
    [InlineData("10.96.0.1:6443", "https://10.96.0.1:6443")]
    [InlineData("fd00::/8", "https://[fd00::1]:6443")]
    [InlineData("[fd00::1]:6443", "https://[fd00::1]:6443")]
    [InlineData("fd00::1", "https://[fd00::1]:6443")]
    [InlineData("", "https://localhost:6443")]
    [InlineData("", "https://127.0.0.1:6443")]
    [InlineData("", "https://127.8.0.1:6443")]
    [InlineData("", "https://[::1]:6443")]
    [InlineData("", "http://10.96.0.1")]
    public void An_exempt_server_is_reached_directly(string exempt, string server) =>
        Assert.Null(Find(server, ("HTTPS_PROXY", Proxy), ("NO_PROXY", exempt)));

    [Theory]
    [InlineData("", "https://api.corp.example")]
    [InlineData(".corp.example", "https://corp.example")]
    [InlineData("*.corp.example", "https://corp.example")]
    [InlineData("corp.example", "https://mycorp.example")]
    [InlineData("corp.example:443", "https://api.corp.example:6443")]
    [InlineData("10.0.0.0/8", "https://11.0.0.1")]
    [InlineData("10.0.0.0/33", "https://10.0.0.1")]
    [InlineData("10.96.0.1", "https://10.96.0.11")]
    [InlineData("10.96.0.1:443", "https://10.96.0.1:6443")]
    [InlineData("fd00::/8", "https://10.0.0.1")]
    [InlineData(":6443,.,[,/,:", "https://api.corp.example:6443")]
    public void Any_other_server_is_reached_through_the_proxy(string exempt, string server) =>
        Assert.Equal(Proxy, Find(server, ("HTTPS_PROXY", Proxy), ("NO_PROXY", exempt))?.OriginalString);

    [Fact]
    public void Uppercase_variables_take_precedence_and_each_applies_to_its_own_scheme()
    {
        Assert.Equal(
            "http://a/",
            Find("https://api", ("HTTPS_PROXY", "http://a"), ("https_proxy", "http://b"))?.ToString()
        );
        Assert.Equal("http://b/", Find("https://api", ("HTTPS_PROXY", " "), ("https_proxy", "http://b"))?.ToString());
        Assert.Equal(
            "http://c/",
            Find("http://api", ("HTTPS_PROXY", "http://a"), ("http_proxy", "http://c"))?.ToString()
        );
        Assert.Null(Find("https://api", ("HTTPS_PROXY", "http://a"), ("no_proxy", "api")));
        Assert.Null(Find("https://api", ("HTTP_PROXY", "http://a"), ("ALL_PROXY", "http://a")));
    }

    [Theory]
    [InlineData("proxy:3128", "http://proxy:3128/")]
    [InlineData("10.0.0.1:3128", "http://10.0.0.1:3128/")]
    [InlineData("user:word@proxy:3128", "http://user:word@proxy:3128/")]
    [InlineData("socks5h://proxy:1080", "socks5://proxy:1080/")]
    public void The_scheme_is_optional(string written, string meant) =>
        Assert.Equal(meant, Find("https://api", ("HTTPS_PROXY", written))?.ToString());

    [Theory]
    [InlineData("ftp://user:hidden-word@proxy:21")]
    [InlineData("http://user:hidden-word@:x")]
    public void An_invalid_proxy_URL_is_reported_without_its_text(string written)
    {
        EtcdException error = Assert.Throws<EtcdException>(() => Find("https://api", ("HTTPS_PROXY", written)));
        Assert.Equal("ProxyVariableUnusable", error.ErrorId);
        Assert.DoesNotContain("hidden-word", error.ToString());
    }

    private static Uri? Find(string server, params (string Name, string Value)[] variables) =>
        new ProxyVariables(name => variables.FirstOrDefault(v => v.Name == name).Value).Find(new Uri(server));
}
