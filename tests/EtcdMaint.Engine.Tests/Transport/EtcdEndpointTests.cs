using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Transport;

public sealed class EtcdEndpointTests
{
    [Theory]
    [InlineData("https://10.0.0.1:2379", "https://10.0.0.1:2379")]
    [InlineData("http://etcd-1:12379/", "http://etcd-1:12379")]
    [InlineData(" etcd-1 ", "http://etcd-1:2379")]
    [InlineData("etcd-1:4001", "http://etcd-1:4001")]
    [InlineData("https://etcd-1", "https://etcd-1:2379")]
    [InlineData("http://etcd-1:80", "http://etcd-1")]
    [InlineData("https://etcd-1:443", "https://etcd-1")]
    [InlineData("[::1]:2379", "http://[::1]:2379")]
    [InlineData("::1", "http://[::1]:2379")]
    [InlineData("fd00::12", "http://[fd00::12]:2379")]
    [InlineData("https://[fd00::12]:443", "https://[fd00::12]")]
    [InlineData("HTTPS://ETCD-1:2379", "https://etcd-1:2379")]
    public void Parses_an_endpoint_into_the_dialed_URL(string text, string dialled) =>
        Assert.Equal(dialled, EtcdEndpoint.Parse(text, tlsWhenUnsaid: false).ToString());

    [Theory]
    [InlineData("etcd-1", true, 2379)]
    [InlineData("https://etcd-1:443", true, 443)]
    [InlineData("http://etcd-1:80", false, 80)]
    public void An_endpoint_without_a_scheme_uses_TLS_if_configured_and_an_explicit_scheme_is_kept(
        string text,
        bool isTls,
        int port
    )
    {
        var endpoint = EtcdEndpoint.Parse(text, tlsWhenUnsaid: true);
        Assert.Equal((isTls, port), (endpoint.IsTls, endpoint.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://")]
    [InlineData("ftp://etcd-1:2379")]
    [InlineData("unix:///var/run/etcd.sock")]
    [InlineData("https://etcd-1:2379/v3")]
    [InlineData("https://etcd-1:2379?x=1")]
    [InlineData("https://etcd-1:99999")]
    [InlineData("etcd-1:port")]
    [InlineData("two words")]
    public void Any_other_text_is_malformed(string text)
    {
        EtcdException error = Assert.Throws<EtcdException>(() => EtcdEndpoint.Parse(text, true));
        Assert.Equal("MalformedEndpoint", error.ErrorId);
        Assert.Null(EtcdEndpoint.TryParse(text.Contains("://", StringComparison.Ordinal) ? text : "x://" + text));
    }

    [Theory]
    [InlineData("https://root:s3cret@etcd-1:2379")]
    [InlineData("root:s3cret@etcd-1")]
    [InlineData("https://root:s3c@ret@etcd-1:2379")]
    [InlineData("s3cret@")]
    public void Never_shows_a_password(string text)
    {
        EtcdException error = Assert.Throws<EtcdException>(() => EtcdEndpoint.Parse(text, true));
        Assert.DoesNotContain(
            "s3c",
            $"{error.Message} {error.Target} {error.RecommendedAction}",
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.1.2.3", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("localhost.example", false)]
    public void Recognizes_loopback_in_all_its_forms(string host, bool isLoopback) =>
        Assert.Equal(isLoopback, EtcdEndpoint.Parse(host, false).IsLoopback);

    [Fact]
    public async Task A_list_is_split_and_duplicates_are_removed()
    {
        var request = new EndpointConnectRequest { Endpoint = ["https://a:2379, https://b:2379", "https://a:2379,"] };
        IReadOnlyList<EtcdEndpoint> read = await EndpointList.ReadAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(["https://a:2379", "https://b:2379"], read.Select(e => e.ToString()));
        EtcdException none = await Assert.ThrowsAsync<EtcdException>(() =>
            EndpointList.ReadAsync(
                new EndpointConnectRequest { Endpoint = [" , "] },
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal("NoEndpointGiven", none.ErrorId);
    }
}
