using System.Net;
using System.Net.Sockets;
using System.Text;
using EtcdMaint.Metrics;

namespace EtcdMaint.Engine.Tests.Metrics;

/// <summary>
/// How responses and failures become errors, and where a cluster is pushed. The package tests push to a real
/// Pushgateway.
/// </summary>
public sealed class PushgatewayClientTests : IDisposable
{
    private const string Password = "s3cret-word";

    private readonly HttpListener _listener = new();

    private readonly List<(string Method, string Path, string? Login, string Body)> _requests = [];

    private readonly string _address;

    private int _status = 200;

    private string _body = "";

    private string? _location;

    private bool _isSilent;

    public PushgatewayClientTests()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _address = $"http://{free.LocalEndpoint}/prefix";
        }
        _listener.Prefixes.Add($"{_address}/");
        _listener.Start();
        _ = ServeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("prod", "/prefix/metrics/job/etcdmaint/cluster/prod")]
    [InlineData("eu-1.prod_a", "/prefix/metrics/job/etcdmaint/cluster/eu-1.prod_a")]
    [InlineData("a/b", "/prefix/metrics/job/etcdmaint/cluster@base64/YS9i")]
    [InlineData("..", "/prefix/metrics/job/etcdmaint/cluster@base64/Li4=")]
    [InlineData("größe?", "/prefix/metrics/job/etcdmaint/cluster@base64/Z3LDtsOfZT8=")]
    [InlineData("", "/prefix/metrics/job/etcdmaint/cluster@base64/=")]
    public async Task A_cluster_is_a_group_of_its_own(string cluster, string path)
    {
        using PushgatewayClient client = Client();
        await client.PushAsync(cluster, "text\n", Cancellation);
        Assert.Equal([("PUT", path, null, "text\n")], _requests);
    }

    [Fact]
    public async Task The_login_is_sent_and_never_shown()
    {
        using PushgatewayClient client = Client(login: new NetworkCredential("ops", Password));
        await client.PushAsync("prod", "text\n", Cancellation);
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"ops:{Password}"))}", _requests[0].Login);
        Assert.DoesNotContain(Password, client.ToString(), StringComparison.Ordinal);

        _status = 401;
        Assert.DoesNotContain(Password, (await RefusedAsync(client)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(202, null)]
    [InlineData(400, "PushgatewayRejected")]
    [InlineData(401, "PushgatewayLoginRejected")]
    [InlineData(403, "PushgatewayLoginRejected")]
    [InlineData(404, "PushgatewayRejected")]
    [InlineData(503, "PushgatewayRejected")]
    public async Task Each_response_has_its_error(int status, string? errorId)
    {
        (_status, _body) = (status, "pushed metrics are\u001b[31m invalid\n");
        using PushgatewayClient client = Client();
        if (errorId is null)
        {
            await client.PushAsync("prod", "text\n", Cancellation);
            return;
        }
        EtcdException error = await RefusedAsync(client);
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains($"HTTP status {status}", error.Message, StringComparison.Ordinal);
        if (errorId == "PushgatewayRejected")
            Assert.EndsWith(": pushed metrics are\uFFFD[31m invalid", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        (_status, _location) = (307, $"{_address}/elsewhere");
        using PushgatewayClient client = Client(login: new NetworkCredential("ops", Password));
        Assert.Equal("PushgatewayRejected", (await RefusedAsync(client)).ErrorId);
        Assert.Single(_requests);
    }

    [Fact]
    public async Task A_gateway_that_does_not_respond_is_a_timeout_and_Ctrl_C_is_not()
    {
        _isSilent = true;
        using PushgatewayClient client = Client(seconds: 0.3);
        Assert.Equal("PushgatewayTimeout", (await RefusedAsync(client)).ErrorId);

        using PushgatewayClient patient = Client();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient.PushAsync("prod", "x\n", stop.Token));
    }

    [Fact]
    public async Task A_closed_port_and_a_server_without_TLS_have_their_own_errors()
    {
        using PushgatewayClient plain = Client(new Uri(_address.Replace("http:", "https:", StringComparison.Ordinal)));
        Assert.Equal("PushgatewayUntrusted", (await RefusedAsync(plain)).ErrorId);
        _listener.Stop();
        using PushgatewayClient client = Client();
        EtcdException error = await RefusedAsync(client);
        Assert.Equal("PushgatewayUnreachable", error.ErrorId);
        Assert.Contains(_address, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pushgateway")]
    [InlineData("pushgateway:9091")]
    [InlineData("ftp://pushgateway")]
    [InlineData("https://ops:s3cret-word@pushgateway")]
    [InlineData("https://pushgateway?token=s3cret-word")]
    public void An_unusable_address_is_refused_and_not_repeated(string address)
    {
        EtcdException error = Assert.ThrowsAny<EtcdException>(() =>
            Client(new Uri(address, UriKind.RelativeOrAbsolute))
        );
        Assert.Equal("PushgatewayUriUnusable", error.ErrorId);
        Assert.DoesNotContain(Password, $"{error} {error.Target}", StringComparison.Ordinal);
    }

    public void Dispose() => _listener.Close();

    private static async Task<EtcdException> RefusedAsync(PushgatewayClient client) =>
        await Assert.ThrowsAnyAsync<EtcdException>(() => client.PushAsync("prod", "text\n", Cancellation));

    private PushgatewayClient Client(Uri? address = null, NetworkCredential? login = null, double seconds = 20) =>
        new(address ?? new Uri(_address), "etcdmaint", login, TimeSpan.FromSeconds(seconds));

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                if (_isSilent)
                    continue;
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                _requests.Add(
                    (
                        context.Request.HttpMethod,
                        context.Request.RawUrl!,
                        context.Request.Headers["Authorization"],
                        await reader.ReadToEndAsync()
                    )
                );
                context.Response.StatusCode = _status;
                if (_location is not null)
                    context.Response.RedirectLocation = _location;
                context.Response.Close(Encoding.UTF8.GetBytes(_body), willBlock: false);
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException) { }
    }
}
