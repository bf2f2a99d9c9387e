using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>
/// The module uses the variables of etcdctl as etcdctl does, or refuses them before anything is sent. The tests use a
/// separate process, whose variables they set.
/// </summary>
[Trait("Kind", "Real")]
public sealed class EtcdctlVariableTests(
    EtcdctlVariableTests.PlainCluster plain,
    ProbeSession probe,
    ITestOutputHelper output
) : IClassFixture<EtcdctlVariableTests.PlainCluster>, IClassFixture<ProbeSession>
{
    private const string Members = "Get-EtcdMember -TimeoutSeconds 5 | ForEach-Object { \"MEMBER $($_.MemberName)\" }";

    private static readonly string Import = $"Import-Module '{BuiltModule.Manifest}'";

    private static readonly (string, string) Login = (
        "ETCDCTL_USER",
        $"{ClusterUsers.Root.Name}:{ClusterUsers.Root.Password}"
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("F")]
    [InlineData("False")]
    public async Task Without_insecure_transport_no_password_is_sent_without_TLS(string value)
    {
        using var server = new Greeted();
        string[] lines = await RunAsync(
            ("ETCDCTL_ENDPOINTS", server.Address),
            ("ETCDCTL_INSECURE_TRANSPORT", value),
            Login
        );
        Assert.DoesNotContain(lines, line => line.StartsWith("MEMBER", StringComparison.Ordinal));
        Assert.NotEmpty(server.FirstBytes);
        Assert.All(server.FirstBytes, first => Assert.Equal(Greeted.TlsHandshake, first));
    }

    [Theory]
    [InlineData("ETCDCTL_INSECURE_TRANSPORT", "true")]
    [InlineData("ETCDCTL_INSECURE_TRANSPORT", "T")]
    [InlineData("ETCDCTL_INSECURE_TRANSPORT", "")]
    [InlineData("ETCDCTL_INSECURE_SKIP_TLS_VERIFY", "FALSE")]
    [InlineData("ETCDCTL_INSECURE_DISCOVERY", "false")]
    [InlineData("ETCDCTL_COMMAND_TIMEOUT", "1m")]
    [InlineData("ETCDCTL_DIAL_TIMEOUT", "3s")]
    [InlineData("ETCDCTL_KEEPALIVE_TIME", "1s")]
    [InlineData("ETCDCTL_KEEPALIVE_TIMEOUT", "1s")]
    [InlineData("ETCDCTL_HEX", "true")]
    [InlineData("ETCDCTL_DEBUG", "true")]
    [InlineData("ETCDCTL_WRITE_OUT", "table")]
    [InlineData("ETCDCTL_API", "3")]
    [InlineData("ETCDCTL_PASSWORD", "without-a-user")]
    [InlineData("ETCDCTL_DISCOVERY_SRV_NAME", "without-a-domain")]
    [InlineData("ETCDCTL_CACERT", "")]
    [InlineData("ETCDCTL_CLUSTER", "true")]
    public async Task A_plain_cluster_is_read_as_with_etcdctl(string name, string value)
    {
        TestEtcdCluster cluster = await plain.StartAsync();
        await AssertAgreedAsync(true, cluster, ("ETCDCTL_ENDPOINTS", WithoutScheme(cluster)), (name, value));
    }

    [Fact]
    public async Task Endpoints_of_a_cluster_with_TLS_and_users_are_reached_as_with_etcdctl()
    {
        var options = new ClusterOptions { Tls = TlsMode.ServerOnly, Auth = true };
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(options, Cancellation);
        (string, string) bare = ("ETCDCTL_ENDPOINTS", WithoutScheme(cluster));
        (string, string) secure = ("ETCDCTL_ENDPOINTS", cluster.ClientUrls[0]);
        (string, string) authority = ("ETCDCTL_CACERT", cluster.Certificates!.Ca);
        (string, string) tls = ("ETCDCTL_INSECURE_TRANSPORT", "false");
        (string, string) password = ("ETCDCTL_PASSWORD", ClusterUsers.Root.Password);
        (string, string) key = ("ETCDCTL_KEY", cluster.Certificates.Client.Key);
        (string, string) skip = ("ETCDCTL_INSECURE_SKIP_TLS_VERIFY", "true");

        await AssertAgreedAsync(true, cluster, bare, authority, Login);
        await AssertAgreedAsync(true, cluster, bare, authority, tls, Login);
        await AssertAgreedAsync(true, cluster, bare, authority, ("ETCDCTL_INSECURE_TRANSPORT", "true"), Login);
        await AssertAgreedAsync(true, cluster, bare, tls, skip, Login);
        await AssertAgreedAsync(true, cluster, secure, skip, authority, Login);
        await AssertAgreedAsync(true, cluster, secure, authority, ("ETCDCTL_USER", ClusterUsers.Root.Name), password);
        await AssertAgreedAsync(false, cluster, bare, tls, Login);
        await AssertAgreedAsync(false, cluster, bare, Login);
        await AssertAgreedAsync(false, cluster, secure, Login);
        await AssertAgreedAsync(false, cluster, secure, authority, ("ETCDCTL_USER", "root:wrong"));
        await AssertAgreedAsync(false, cluster, secure, authority, Login, password);
        await AssertAgreedAsync(false, cluster, secure, ("ETCDCTL_CACERT", " "), Login);
        await AssertAgreedAsync(false, cluster, bare, key, authority, Login);
    }

    [Fact]
    public async Task An_endpoint_with_http_stays_without_TLS_as_with_etcdctl()
    {
        TestEtcdCluster cluster = await plain.StartAsync();
        (string, string) tls = ("ETCDCTL_INSECURE_TRANSPORT", "false");
        await AssertAgreedAsync(true, cluster, ("ETCDCTL_ENDPOINTS", cluster.ClientUrls[0]), tls);
        await AssertAgreedAsync(false, cluster, ("ETCDCTL_ENDPOINTS", WithoutScheme(cluster)), tls);
    }

    [Theory]
    [InlineData("ETCDCTL_INSECURE_TRANSPORT", "no", "EtcdctlVariableUnusable")]
    [InlineData("ETCDCTL_INSECURE_TRANSPORT", " ", "EtcdctlVariableUnusable")]
    [InlineData("ETCDCTL_INSECURE_TRANSPORT", "tRUE", "EtcdctlVariableUnusable")]
    [InlineData("ETCDCTL_INSECURE_SKIP_TLS_VERIFY", "yes", "EtcdctlVariableUnusable")]
    [InlineData("ETCDCTL_INSECURE_DISCOVERY", "off", "EtcdctlVariableUnusable")]
    [InlineData("ETCDCTL_USER", "root", "EtcdctlVariableUnusable")]
    [InlineData("ETCDCTL_USER", "root:", "EtcdctlVariableUnusable")]
    [InlineData("ETCDCTL_USER", ":secret", "EtcdctlVariableUnusable")]
    [InlineData("ETCDCTL_API", "2", "EtcdctlVariableUnsupported")]
    [InlineData("ETCDCTL_AUTH_JWT_TOKEN", "secret", "EtcdctlVariableUnsupported")]
    public async Task An_unsupported_variable_is_refused_before_anything_is_sent(
        string name,
        string value,
        string errorId
    )
    {
        using var server = new Greeted();
        const string Script =
            "Get-EtcdMember -ErrorVariable failed; \"$failed\"; \"$($failed.ErrorDetails.RecommendedAction)\"";
        string[] lines = await RunScriptAsync(Script, ("ETCDCTL_ENDPOINTS", server.Address), (name, value));
        output.WriteLine(string.Join('\n', lines));
        Assert.Contains(lines, line => line.StartsWith($"ERROR {errorId},", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("secret", StringComparison.Ordinal));
        Assert.Empty(server.FirstBytes);
    }

    /// <summary>Asserts that both the module and etcdctl reach the cluster, or neither of them.</summary>
    private async Task AssertAgreedAsync(
        bool isReached,
        TestEtcdCluster cluster,
        params (string Name, string Value)[] variables
    )
    {
        string said = string.Join(' ', variables.Select(v => $"{v.Name}='{v.Value}'"));
        (int exitCode, string errors) = await EtcdctlAsync(cluster, variables);
        string[] lines = await RunAsync(variables);
        output.WriteLine($"{said}\n  etcdctl: {exitCode} {errors}\n  module: {string.Join(' ', lines)}");
        Assert.True(isReached == (exitCode == 0), $"etcdctl with {said}: {errors}");
        Assert.True(
            isReached == lines.Contains($"MEMBER {cluster.Members[0].Name}"),
            $"The module with {said}: {string.Join(' ', lines)}"
        );
    }

    private Task<string[]> RunAsync(params (string, string)[] variables) => RunScriptAsync(Members, variables);

    private Task<string[]> RunScriptAsync(string script, params (string, string)[] variables) =>
        probe.RunAsync($"{Import}; {script}", variables);

    private static string WithoutScheme(TestEtcdCluster cluster) => new Uri(cluster.ClientUrls[0]).Authority;

    private static async Task<(int ExitCode, string Errors)> EtcdctlAsync(
        TestEtcdCluster cluster,
        (string Name, string Value)[] variables
    )
    {
        var start = new ProcessStartInfo(cluster.Binaries.Etcdctl, ["member", "list"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process etcdctl = Process.Start(start)!;
        Task<string> printed = etcdctl.StandardOutput.ReadToEndAsync(Cancellation);
        string errors = await etcdctl.StandardError.ReadToEndAsync(Cancellation);
        await printed;
        await etcdctl.WaitForExitAsync(Cancellation);
        return (etcdctl.ExitCode, errors.Trim().Split('\n')[^1]);
    }

    /// <summary>A cluster without TLS, which starts with the first test that needs it.</summary>
    public sealed class PlainCluster : IAsyncDisposable
    {
        private TestEtcdCluster? _cluster;

        public async Task<TestEtcdCluster> StartAsync() =>
            _cluster ??= await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);

        public async ValueTask DisposeAsync()
        {
            if (_cluster is not null)
                await _cluster.DisposeAsync();
        }
    }

    /// <summary>Accepts connections, records the first byte of each, and closes them.</summary>
    private sealed class Greeted : IDisposable
    {
        public const byte TlsHandshake = 0x16;

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<byte> _first = [];

        public Greeted()
        {
            _listener.Start();
            _ = TakeAsync();
        }

        public string Address => _listener.LocalEndpoint.ToString()!;

        public IReadOnlyList<byte> FirstBytes
        {
            get
            {
                lock (_first)
                    return [.. _first];
            }
        }

        public void Dispose() => _listener.Dispose();

        private async Task TakeAsync()
        {
            byte[] buffer = new byte[1];
            try
            {
                while (true)
                {
                    using Socket socket = await _listener.AcceptSocketAsync();
                    if (await socket.ReceiveAsync(buffer) == 0)
                        continue;
                    lock (_first)
                        _first.Add(buffer[0]);
                }
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }
    }
}
