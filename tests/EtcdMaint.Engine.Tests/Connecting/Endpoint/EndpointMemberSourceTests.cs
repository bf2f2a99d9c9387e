using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Connecting.Endpoint;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Tests.Connecting.Endpoint;

/// <summary>Which advertised URLs may be dialed.</summary>
public sealed class EndpointMemberSourceTests
{
    [Theory]
    [InlineData("https://10.0.0.1:2379", "https://10.0.0.2:2379", true)]
    [InlineData("https://10.0.0.1:2379", "https://127.0.0.1:2379", false)]
    [InlineData("https://10.0.0.1:2379", "https://localhost:2379", false)]
    [InlineData("https://10.0.0.1:2379", "https://[::1]:2379", false)]
    [InlineData("https://127.0.0.1:2379", "https://127.0.0.1:12379", true)]
    [InlineData("https://10.0.0.1:2379", "http://10.0.0.2:2379", false)]
    [InlineData("http://10.0.0.1:2379", "http://10.0.0.2:2379", true)]
    [InlineData("http://10.0.0.1:2379", "https://10.0.0.2:2379", true)]
    [InlineData("https://10.0.0.1:2379", "https://10.0.0.1:2379", false)]
    [InlineData("https://10.0.0.1:2379", "unix://etcd.sock", false)]
    public async Task An_advertised_URL_is_tried_only_if_it_can_belong_to_the_member(
        string given,
        string advertised,
        bool isTried
    )
    {
        await using EndpointMemberSource access = Open(given, mayDiscover: true);
        string[] tried = [.. access.GetCandidates(Member(advertised)).Select(c => c.Place.Endpoint)];
        Assert.Equal(isTried ? [advertised] : [], tried);
    }

    [Theory]
    [InlineData("http://127.0.0.1:2379", "http://10.0.0.2:2379", false)]
    [InlineData("http://127.0.0.1:2379", "http://127.0.0.1:12379", true)]
    [InlineData("http://127.0.0.1:2379", "https://10.0.0.2:2379", true)]
    [InlineData("http://10.0.0.1:2379", "http://10.0.0.2:2379", true)]
    public async Task With_a_password_no_host_is_tried_without_TLS_unless_the_user_specified_it(
        string given,
        string advertised,
        bool isTried
    )
    {
        await using EndpointMemberSource access = Open(
            given,
            mayDiscover: true,
            new Login("root", RealCluster.Secret("secret"))
        );
        Assert.Equal(isTried, access.GetCandidates(Member(advertised)).Count == 1);
        Assert.Equal(
            isTried ? null : $"its URL {advertised} is not tried, because the password would be sent without TLS",
            access.WhyNotTried(Member(advertised))
        );
    }

    [Fact]
    public async Task Without_discovery_no_advertised_URL_is_tried()
    {
        await using EndpointMemberSource access = Open("http://10.0.0.1:2379", mayDiscover: false);
        Assert.Empty(access.GetCandidates(Member("http://10.0.0.2:2379")));
    }

    [Fact]
    public async Task Each_place_has_one_client()
    {
        await using EndpointMemberSource access = Open("http://10.0.0.1:2379", mayDiscover: true);
        Assert.Same(
            access.GetCandidates(Member("http://b:2379"))[0],
            access.GetCandidates(Member("http://b:2379/"))[0]
        );
    }

    private static EndpointMemberSource Open(string given, bool mayDiscover, Login? login = null) =>
        new([EtcdEndpoint.Parse(given, false)], mayDiscover, TlsLoader.Load(new TlsRequest()), login, new TcpDialer());

    private static MemberEntry Member(string url) => new(1, "m1", [], [url], false);
}
