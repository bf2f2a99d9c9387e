using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Tls;

/// <summary>A password or token that is sent over the network without TLS gives a warning, and no error.</summary>
public sealed class ClearTextWarningTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://192.0.2.1:2379", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("http://127.0.0.1:2379,http://etcd-1.example:2379", true)]
    [InlineData("https://192.0.2.1:2379", false)]
    [InlineData("http://127.0.0.1:2379", false)]
    [InlineData("http://[::1]:2379", false)]
    [InlineData("http://localhost:2379", false)]
    public async Task A_password_for_an_endpoint_without_TLS_gives_a_warning(string endpoint, bool isWarned)
    {
        await AssertWarningAsync(isWarned, WithPassword(new EndpointConnectRequest { Endpoint = [endpoint] }));
        await AssertWarningAsync(
            isWarned,
            WithPassword(new LocalConnectRequest { Endpoint = [endpoint], EtcdctlPath = "etcdctl" })
        );
        await AssertWarningAsync(false, new EndpointConnectRequest { Endpoint = [endpoint] });
    }

    [Fact]
    public Task A_password_through_an_ssh_tunnel_gives_no_warning() =>
        AssertWarningAsync(
            false,
            WithPassword(new SshConnectRequest { SshHost = ["node1"], ClientUrl = ["http://192.0.2.1:2379"] })
        );

    [Theory]
    [InlineData("http://192.0.2.1:8080", "{token: secret}", true)]
    [InlineData("http://192.0.2.1:8080", "{tokenFile: token}", true)]
    [InlineData("http://192.0.2.1:8080", "{username: admin, password: secret}", true)]
    [InlineData("http://192.0.2.1:8080", "{exec: {command: plugin}}", true)]
    [InlineData("http://192.0.2.1:8080", "{}", false)]
    [InlineData("http://127.0.0.1:8001", "{token: secret}", false)]
    [InlineData("https://192.0.2.1:6443", "{token: secret}", false)]
    public async Task A_login_at_an_API_server_without_TLS_gives_a_warning(string server, string user, bool isWarned)
    {
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("kubeconfig");
        await AssertWarningAsync(
            isWarned,
            new KubernetesConnectRequest { KubeConfig = await WriteAsync(folder, server, user) }
        );
    }

    [Theory]
    [InlineData("http://192.0.2.1:8080", true)]
    [InlineData("https://192.0.2.1:6443", false)]
    public async Task An_etcd_password_through_an_API_server_without_TLS_gives_a_warning(string server, bool isWarned)
    {
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("kubeconfig");
        await AssertWarningAsync(
            isWarned,
            WithPassword(new KubernetesConnectRequest { KubeConfig = await WriteAsync(folder, server, "{}") })
        );
    }

    private static T WithPassword<T>(T request)
        where T : ConnectRequest => request with { UserName = "root", Password = RealCluster.Secret("secret") };

    private static async Task AssertWarningAsync(bool isExpected, ConnectRequest request)
    {
        var recorder = new RunRecorder();
        EtcdConnection connection = await new EtcdEngine().ConnectAsync(
            request with
            {
                NoVerify = true,
                CallTimeout = RealCluster.Timeout,
            },
            recorder,
            Cancellation
        );
        await connection.Cluster.DisposeAsync();
        Assert.Equal(isExpected ? 1 : 0, recorder.Warnings.Count);
        Assert.All(recorder.Warnings, warning => Assert.StartsWith("CredentialInClearText: ", warning));
        Assert.DoesNotContain("secret", recorder.Story);
    }

    private static async Task<string> WriteAsync(ThrowAwayFolder folder, string server, string user)
    {
        string path = folder.Combine("config");
        await File.WriteAllTextAsync(
            path,
            $$$"""
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: test}}]
            clusters: [{name: test, cluster: {server: "{{{server}}}"}}]
            users: [{name: test, user: {{{user}}}}]
            """,
            Cancellation
        );
        return path;
    }
}
