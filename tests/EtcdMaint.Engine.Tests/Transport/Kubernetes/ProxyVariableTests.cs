using System.Net;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// A proxy from the environment is used for requests and WebSockets, exactly when kubectl would use it.
/// </summary>
[Trait("Kind", "Real")]
[Collection<ProcessEnvironment>]
public sealed class ProxyVariableTests : IAsyncLifetime
{
    private static readonly string[] Names = ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];

    private readonly Dictionary<string, string?> _before = Names.ToDictionary(
        n => n,
        Environment.GetEnvironmentVariable
    );
    private FakeApiServer _api = null!;
    private ConnectProxy _proxy = null!;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync("api.corp.invalid");
        _api.Users.Add(new ApiUser("admin") { Token = "good-token" });
        _proxy = new ConnectProxy("user", "p@ss:word") { LeadsTo = new IPEndPoint(IPAddress.Loopback, _api.Port) };
        foreach (string name in Names)
            Environment.SetEnvironmentVariable(name, null);
        Environment.SetEnvironmentVariable("HTTPS_PROXY", $"http://user:p%40ss%3Aword@127.0.0.1:{_proxy.Port}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((string name, string? value) in _before)
            Environment.SetEnvironmentVariable(name, value);
        await _proxy.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Requests_and_WebSockets_use_the_proxy()
    {
        using ApiServer api = Connect("https://api.corp.invalid:6443");
        await api.ListPodsAsync(null, null, Limit);
        Assert.Equal("api.corp.invalid:6443", Assert.Single(_proxy.Tunnels));
        await Assert.ThrowsAsync<DialException>(() =>
            new PodCommandRunner(api, "kube-system", "no-such-pod", "etcd").RunAsync("etcdctl", [], default, Limit)
        );
        Assert.Equal(2, _proxy.Tunnels.Count);
        Assert.Equal(1, _api.Count(ApiKind.Exec));
    }

    [Fact]
    public async Task A_local_server_is_reached_without_the_proxy()
    {
        using ApiServer api = Connect(_api.Url, "tls-server-name: api.corp.invalid");
        await api.ListPodsAsync(null, null, Limit);
        await Assert.ThrowsAsync<DialException>(() =>
            new PodCommandRunner(api, "kube-system", "no-such-pod", "etcd").RunAsync("etcdctl", [], default, Limit)
        );
        Assert.Equal(1, _api.Count(ApiKind.Exec));
        Assert.Empty(_proxy.Tunnels);
    }

    [Fact]
    public async Task A_request_to_an_exempt_domain_does_not_use_the_proxy()
    {
        Environment.SetEnvironmentVariable("NO_PROXY", "10.0.0.0/8,corp.invalid");
        using ApiServer api = Connect("https://api.corp.invalid:6443");
        ApiServerException error = await Assert.ThrowsAsync<ApiServerException>(() =>
            api.ListPodsAsync(null, null, Limit)
        );
        Assert.Equal(ApiFailure.Unreachable, error.Failure);
        Assert.Empty(_proxy.Tunnels);
    }

    [Fact]
    public async Task A_password_that_the_proxy_rejects_appears_in_no_error()
    {
        Environment.SetEnvironmentVariable("HTTPS_PROXY", $"http://user:hidden-word@127.0.0.1:{_proxy.Port}");
        using ApiServer api = Connect("https://api.corp.invalid:6443");
        ApiServerException error = await Assert.ThrowsAsync<ApiServerException>(() =>
            api.ListPodsAsync(null, null, Limit)
        );
        Assert.Equal("KubernetesUnreachable", error.ErrorId);
        Assert.Contains("proxy", error.Message);
        Assert.DoesNotContain("hidden-word", error.ToString());
    }

    private ApiServer Connect(string server, string cluster = "")
    {
        string text = KubeConfigText
            .Whole(_api, KubeConfigText.Token("good-token"), cluster: cluster)
            .Replace(_api.Url, server, StringComparison.Ordinal);
        return new ApiServer(
            KubeConfigLoader.Load(
                new KubernetesConnectRequest { KubeConfig = KubeConfigText.Write(_api, text) },
                _ => { }
            )
        );
    }
}
