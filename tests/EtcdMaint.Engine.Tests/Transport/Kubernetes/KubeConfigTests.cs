using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// Configuration is read as kubectl reads it; each login is tested with an API server that really requires it.
/// </summary>
[Trait("Kind", "Real")]
public sealed class KubeConfigTests : IAsyncLifetime
{
    private FakeApiServer _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync();
        _api.Users.Add(new ApiUser("admin") { Token = "good-token" });
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Logs_in_with_a_token() =>
        await ListAsync(Load(KubeConfigText.Whole(_api, KubeConfigText.Token("good-token"))));

    [Fact]
    public async Task Logs_in_with_a_client_certificate() =>
        await ListAsync(Load(KubeConfigText.Whole(_api, KubeConfigText.Certificate(_api.IssueClient("admin")))));

    [Fact]
    public async Task A_wrong_token_and_an_expired_certificate_are_login_errors_that_show_no_secret()
    {
        EtcdException token = await RefusedAsync(KubeConfigText.Whole(_api, KubeConfigText.Token("bad-token")));
        Assert.Equal("KubernetesLoginRejected", token.ErrorId);
        Assert.DoesNotContain("bad-token", token.ToString());
        EtcdException expired = await RefusedAsync(
            KubeConfigText.Whole(_api, KubeConfigText.Certificate(_api.IssueClient("admin", expired: true)))
        );
        Assert.Equal("KubernetesLoginRejected", expired.ErrorId);
    }

    [Fact]
    public async Task A_rotated_token_file_takes_effect_at_once()
    {
        string file = Path.Combine(_api.FolderPath, "token");
        File.WriteAllText(file, "old-token\n");
        using var api = new ApiServer(Load(KubeConfigText.Whole(_api, "{tokenFile: token}")));
        ApiServerException old = await Assert.ThrowsAsync<ApiServerException>(() =>
            api.ListPodsAsync(null, null, Limit())
        );
        Assert.Equal(ApiFailure.LoginRejected, old.Failure);
        File.WriteAllText(file, "good-token\n");
        await api.ListPodsAsync(null, null, Limit());
    }

    [Fact]
    public async Task Several_files_are_merged_in_order_and_paths_are_relative_to_their_own_file()
    {
        string folder = Path.Combine(_api.FolderPath, "second");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _api.AuthorityPem);
        File.WriteAllText(Path.Combine(folder, "token"), "good-token");
        string first = KubeConfigText.Write(
            _api,
            """
            current-context: chosen
            contexts:
            - {name: chosen, context: {cluster: shared, user: shared, namespace: mine}}
            users:
            - {name: other, user: {token: x}}
            """,
            "first"
        );
        string second = KubeConfigText.Write(
            _api,
            $$$"""
            current-context: other
            contexts:
            - {name: chosen, context: {cluster: none, user: none}}
            - {name: other, context: {cluster: shared, user: shared}}
            clusters:
            - {name: shared, cluster: {server: "{{{_api.Url}}}", certificate-authority: ca.crt}}
            users:
            - {name: shared, user: {tokenFile: token}}
            """,
            "second/config"
        );
        ApiServerSettings merged = LoadListed([first, "/no/such/file", second]);
        Assert.Equal("chosen", merged.Name);
        Assert.Equal("mine", merged.Namespace);
        await ListAsync(merged);
        Assert.Equal("other", LoadListed([second]).Name);
        Assert.Equal("chosen", LoadListed([first, second], "chosen").Name);
    }

    [Fact]
    public void Names_a_missing_file_or_context()
    {
        Assert.Equal(
            "KubeConfigNotFound",
            Assert
                .Throws<EtcdException>(() =>
                    KubeConfigLoader.Load(new KubernetesConnectRequest { KubeConfig = "/no/such/file" }, _ => { })
                )
                .ErrorId
        );
        EtcdException context = Assert.Throws<EtcdException>(() =>
            Load(KubeConfigText.Whole(_api, "{token: x}"), "other")
        );
        Assert.Equal("KubeContextNotFound", context.ErrorId);
        Assert.Contains("test", context.Message);
        EtcdException yaml = Assert.Throws<EtcdException>(() => Load("users: [{name: a, user: {token: hidden-token\n"));
        Assert.Equal("KubeConfigUnusable", yaml.ErrorId);
        Assert.DoesNotContain("hidden-token", yaml.ToString());
    }

    [Fact]
    public async Task A_credential_plugin_gets_its_complete_arguments_and_is_run_again_when_its_token_expires()
    {
        string runs = Path.Combine(_api.FolderPath, "runs");
        string plugin = WritePlugin(
            $$$"""
            echo "$#:$1" >> {{{runs}}}
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"good-token","expirationTimestamp":"2020-01-01T00:00:00Z"} }'
            """
        );
        using var api = new ApiServer(
            Load(
                KubeConfigText.Whole(
                    _api,
                    $"{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: \"{plugin}\", args: "
                        + "[\"one two\", three]}}"
                )
            )
        );
        await api.ListPodsAsync(null, null, Limit());
        await api.ListPodsAsync(null, null, Limit());
        string[] lines = File.ReadAllLines(runs);
        Assert.True(lines.Length >= 2);
        Assert.All(lines, l => Assert.Equal("2:one two", l));
    }

    [Fact]
    public async Task A_credential_plugin_can_return_a_certificate()
    {
        string answer = Path.Combine(_api.FolderPath, "answer");
        File.WriteAllText(answer, CertificateAnswer(_api.IssueClient("admin")));
        string plugin = WritePlugin($"cat {answer}");
        await ListAsync(
            Load(
                KubeConfigText.Whole(
                    _api,
                    $"{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: \"{plugin}\"}}}}"
                )
            )
        );
    }

    [Fact]
    public async Task A_rejected_certificate_from_a_plugin_is_renewed()
    {
        string answer = Path.Combine(_api.FolderPath, "answer");
        File.WriteAllText(answer, CertificateAnswer(_api.IssueClient("admin")));
        using var api = new ApiServer(
            Load(KubeConfigText.Whole(_api, $"{{exec: {{command: \"{WritePlugin($"cat {answer}")}\"}}}}"))
        );
        await api.ListPodsAsync(null, null, Limit());
        _api.Users[0] = new ApiUser("successor");
        File.WriteAllText(answer, CertificateAnswer(_api.IssueClient("successor")));
        await api.ListPodsAsync(null, null, Limit());
    }

    [Fact]
    public async Task A_plugin_whose_token_is_rejected_is_run_again_once()
    {
        string runs = Path.Combine(_api.FolderPath, "runs");
        string token = Path.Combine(_api.FolderPath, "token");
        File.WriteAllText(token, "good-token");
        string plugin = WritePlugin(
            $$$"""
            echo x >> {{{runs}}}
            printf '{"status":{"token":"%s"} }' "$(cat {{{token}}})"
            """
        );
        using var api = new ApiServer(Load(KubeConfigText.Whole(_api, $"{{exec: {{command: \"{plugin}\"}}}}")));
        await api.ListPodsAsync(null, null, Limit());
        await api.ListPodsAsync(null, null, Limit());
        Assert.Single(File.ReadAllLines(runs));

        _api.Users[0] = new ApiUser("admin") { Token = "newer-token" };
        File.WriteAllText(token, "newer-token");
        await api.ListPodsAsync(null, null, Limit());
        Assert.Equal(2, File.ReadAllLines(runs).Length);

        _api.Users.Clear();
        ApiServerException refused = await Assert.ThrowsAsync<ApiServerException>(() =>
            api.ListPodsAsync(null, null, Limit())
        );
        Assert.Equal(ApiFailure.LoginRejected, refused.Failure);
        Assert.Equal(3, File.ReadAllLines(runs).Length);
    }

    [Fact]
    public void Finding_the_name_of_the_context_runs_no_plugin()
    {
        string ran = Path.Combine(_api.FolderPath, "ran");
        string config = KubeConfigText.Write(
            _api,
            KubeConfigText.Whole(_api, $"{{exec: {{command: \"{WritePlugin($"touch {ran}; exit 1")}\"}}}}")
        );
        Assert.Equal("test", KubernetesConnector.FindContext([config])?.Name);
        Assert.False(File.Exists(ran));
    }

    [Fact]
    public void Contexts_with_the_same_name_but_different_clusters_are_distinguished()
    {
        string text = KubeConfigText.Whole(_api, KubeConfigText.Token("good-token"));
        KubernetesContext first = KubernetesConnector.FindContext([KubeConfigText.Write(_api, text)])!;
        KubernetesContext same = KubernetesConnector.FindContext([KubeConfigText.Write(_api, text)])!;
        KubernetesContext other = KubernetesConnector.FindContext([
            KubeConfigText.Write(_api, text.Replace("https://127.0.0.1", "https://10.9.9.9", StringComparison.Ordinal)),
        ])!;
        Assert.Equal(first, same);
        Assert.Equal(first.Name, other.Name);
        Assert.NotEqual(first.Fingerprint, other.Fingerprint);
        Assert.DoesNotContain("good-token", first.Fingerprint);
    }

    [Fact]
    public void A_client_certificate_keeps_its_chain()
    {
        (string certificate, string key) = _api.IssueClient("admin");
        TlsSettings client = KubeCertificate.Load($"{certificate}\n{_api.AuthorityPem}", key);
        Assert.True(client.Client!.HasPrivateKey);
        Assert.Contains("CN=admin", client.Client.Subject);
        Assert.Equal(
            X509Certificate2.CreateFromPem(_api.AuthorityPem).Thumbprint,
            Assert.Single(client.Intermediates).Thumbprint
        );
    }

    [Theory]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("echo no-json-but-secret", "not JSON")]
    public async Task A_failing_credential_plugin_is_reported_without_its_output(string script, string why)
    {
        EtcdException error = await RefusedAsync(
            KubeConfigText.Whole(_api, $"{{exec: {{command: \"{WritePlugin(script)}\"}}}}")
        );
        Assert.Equal("KubeCredentialPluginFailed", error.ErrorId);
        Assert.Contains(why, error.Message);
        Assert.DoesNotContain("secret", error.ToString());
    }

    [Fact]
    public async Task A_credential_plugin_that_cannot_be_started_is_reported()
    {
        EtcdException error = await RefusedAsync(KubeConfigText.Whole(_api, "{exec: {command: no-such-plugin}}"));
        Assert.Equal("KubeCredentialPluginFailed", error.ErrorId);
        Assert.Contains("no folder of PATH has a program 'no-such-plugin'", error.Message);
    }

    [Fact]
    public async Task An_ID_token_is_used_while_it_is_valid_and_never_renewed()
    {
        using var issuer = new TcpListener(IPAddress.Loopback, 0);
        issuer.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)issuer.LocalEndpoint).Port}";
        string valid = Jwt(DateTimeOffset.UtcNow.AddMinutes(5));
        _api.Users.Add(new ApiUser("person") { Token = valid });
        await ListAsync(Load(KubeConfigText.Whole(_api, Oidc(valid, address))));
        EtcdException expired = await RefusedAsync(
            KubeConfigText.Whole(_api, Oidc(Jwt(DateTimeOffset.UtcNow.AddMinutes(-5)), address))
        );
        Assert.Equal("KubeConfigUnusable", expired.ErrorId);
        Assert.Contains("expired", expired.Message);
        Assert.Contains("kubelogin", expired.RecommendedAction);
        Assert.DoesNotContain("only-once", expired.ToString());
        Assert.False(issuer.Pending());
        EtcdException none = await RefusedAsync(KubeConfigText.Whole(_api, Oidc("", address)));
        Assert.Equal("KubeConfigUnusable", none.ErrorId);
        Assert.Contains("no id-token", none.Message);
    }

    [Fact]
    public async Task An_unknown_authority_is_rejected_unless_the_check_is_disabled()
    {
        string text = KubeConfigText
            .Whole(_api, KubeConfigText.Token("good-token"))
            .Replace("certificate-authority-data", "ignored", StringComparison.Ordinal);
        Assert.Equal("KubernetesCertificateUntrusted", (await RefusedAsync(text)).ErrorId);
        await ListAsync(
            Load(text.Replace("ignored:", "insecure-skip-tls-verify: true, ignored:", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task An_intermediate_certificate_is_sufficient_as_authority()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync(hasIntermediate: true);
        server.Users.Add(new ApiUser("admin") { Token = "good-token" });
        string text = KubeConfigText.Whole(server, KubeConfigText.Token("good-token"));
        await ListAsync(Load(text));
        EtcdException error = await RefusedAsync(text.Replace(server.Url, _api.Url, StringComparison.Ordinal));
        Assert.Equal("KubernetesCertificateUntrusted", error.ErrorId);
        Assert.Contains("PartialChain", error.Message);
    }

    [Fact]
    public async Task The_name_to_verify_can_differ_from_the_host_of_the_server()
    {
        await using FakeApiServer named = await FakeApiServer.StartAsync("api.internal");
        named.Users.Add(new ApiUser("admin") { Token = "good-token" });
        Assert.Equal(
            "KubernetesCertificateUntrusted",
            (await RefusedAsync(KubeConfigText.Whole(named, KubeConfigText.Token("good-token")))).ErrorId
        );
        await ListAsync(
            Load(
                KubeConfigText.Whole(
                    named,
                    KubeConfigText.Token("good-token"),
                    cluster: "tls-server-name: api.internal"
                )
            )
        );
    }

    [Fact]
    public async Task The_proxy_of_the_kubeconfig_is_used()
    {
        string text = KubeConfigText.Whole(
            _api,
            KubeConfigText.Token("good-token"),
            cluster: "proxy-url: \"http://127.0.0.1:9\""
        );
        EtcdException error = await RefusedAsync(text);
        Assert.Equal("KubernetesUnreachable", error.ErrorId);
        Assert.Equal(0, _api.Count(ApiKind.List));
    }

    [Fact]
    public async Task A_proxy_with_a_login_is_used_and_the_name_to_verify_still_applies()
    {
        await using FakeApiServer named = await FakeApiServer.StartAsync("api.internal");
        named.Users.Add(new ApiUser("admin") { Token = "good-token" });
        await using var proxy = new ConnectProxy("us er", "p@ss:word");
        string Text(string login) =>
            KubeConfigText.Whole(
                named,
                KubeConfigText.Token("good-token"),
                cluster: $"tls-server-name: api.internal, proxy-url: \"http://{login}127.0.0.1:{proxy.Port}\""
            );
        await ListAsync(Load(Text("us%20er:p%40ss%3Aword@")));
        Assert.Equal($"127.0.0.1:{named.Port}", Assert.Single(proxy.Tunnels));

        EtcdException error = await RefusedAsync(Text("other:hidden-word@"));
        Assert.Equal("KubernetesUnreachable", error.ErrorId);
        Assert.Contains("proxy", error.Message);
        Assert.DoesNotContain("hidden-word", error.ToString());
    }

    [Fact]
    public async Task An_invalid_proxy_URL_is_reported_without_its_text()
    {
        EtcdException error = await RefusedAsync(
            KubeConfigText.Whole(
                _api,
                KubeConfigText.Token("x"),
                cluster: "proxy-url: \"user:hidden-word@10.0.0.1:3128\""
            )
        );
        Assert.Equal("KubeConfigUnusable", error.ErrorId);
        Assert.DoesNotContain("hidden-word", error.ToString());
    }

    [Fact]
    public async Task An_API_server_that_is_down_is_reported_as_unreachable()
    {
        ApiServerSettings settings = Load(KubeConfigText.Whole(_api, KubeConfigText.Token("good-token")));
        await _api.StopAsync();
        EtcdException error = await Assert.ThrowsAsync<ApiServerException>(() => ListAsync(settings));
        Assert.Equal("KubernetesUnreachable", error.ErrorId);
    }

    private static CallBudget Limit() => new(TimeSpan.FromSeconds(10), Cancellation);

    private static async Task ListAsync(ApiServerSettings settings)
    {
        using var api = new ApiServer(settings);
        await api.ListPodsAsync(null, null, Limit());
    }

    private static ApiServerSettings LoadListed(string[] files, string? context = null) =>
        KubeConfigLoader.Load(new KubernetesConnectRequest { ListedKubeConfigs = files, Context = context }, _ => { });

    private ApiServerSettings Load(string text, string? context = null) =>
        KubeConfigLoader.Load(
            new KubernetesConnectRequest { KubeConfig = KubeConfigText.Write(_api, text), Context = context },
            _ => { }
        );

    private async Task<EtcdException> RefusedAsync(string text) =>
        await Assert.ThrowsAnyAsync<EtcdException>(async () => await ListAsync(Load(text)));

    private static string Oidc(string token, string issuer) =>
        $"{{auth-provider: {{name: oidc, config: {{id-token: \"{token}\", refresh-token: only-once, "
        + $"client-id: kubernetes, idp-issuer-url: \"{issuer}\"}}}}}}";

    private static string Jwt(DateTimeOffset expires)
    {
        static string Part(string json) => KubeConfigText.Base64(json).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        string claims = $"{{\"sub\":\"person\",\"exp\":{expires.ToUnixTimeSeconds()}}}";
        return $"{Part("{\"alg\":\"none\"}")}.{Part(claims)}.c2ln";
    }

    private static string CertificateAnswer((string Certificate, string Key) client)
    {
        static string Json(string text) => text.Replace("\n", "\\n", StringComparison.Ordinal);
        return $$$"""
            {"status":{
              "clientCertificateData":"{{{Json(client.Certificate)}}}",
              "clientKeyData":"{{{Json(client.Key)}}}"
            } }
            """;
    }

    /// <summary>
    /// Written by a separate process: if this process had the file open, a child process that another test starts would
    /// inherit the handle, and a program that is open for writing cannot be executed.
    /// </summary>
    private string WritePlugin(string script)
    {
        string path = Path.Combine(_api.FolderPath, "plugin");
        Command
            .RunAsync(
                "/bin/sh",
                ["-c", "printf '#!/bin/sh\n%s\n' \"$1\" > \"$0\" && chmod 700 \"$0\"", path, script],
                TimeSpan.FromSeconds(10)
            )
            .GetAwaiter()
            .GetResult()
            .OutputOrThrow();
        return path;
    }
}
