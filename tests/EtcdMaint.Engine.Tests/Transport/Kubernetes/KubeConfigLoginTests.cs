using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// A login that cannot be sent is an error with an ID and without secrets; kubectl rejects the same inputs.
/// </summary>
[Trait("Kind", "Real")]
public sealed class KubeConfigLoginTests : IAsyncLifetime
{
    private FakeApiServer _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync();
        _api.Users.Add(new ApiUser("admin") { Token = "good-token" });
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("\n    token: |\n      hidden-token\n", "KubeLoginUnusable")]
    [InlineData("{token: \"hidden\\ntoken\"}", "KubeLoginUnusable")]
    [InlineData("{token: \"hidden\\0token\"}", "KubeLoginUnusable")]
    [InlineData("{tokenFile: token}", "KubeLoginUnusable")]
    [InlineData("{auth-provider: {name: oidc, config: {id-token: \"hidden\\ntoken\"}}}", "KubeLoginUnusable")]
    [InlineData("{token: good-token, as: \"hidden\\r\\nImpersonate-Group: system:masters\"}", "KubeLoginUnusable")]
    [InlineData(
        "{exec: {command: \"/bin/echo\", args: ['{\"status\":{\"token\":\"hidden\\ntoken\"}}']}}",
        "KubeCredentialPluginFailed"
    )]
    [InlineData("{exec: {command: \"/bin/echo\", args: ['{\"status\":\"hidden\"}']}}", "KubeCredentialPluginFailed")]
    [InlineData("{exec: {command: \"/bin/echo\", args: ['[\"hidden\"]']}}", "KubeCredentialPluginFailed")]
    [InlineData("{exec: {command: \"/bin/echo\", env: [{name: \"A=B\", value: hidden}]}}", null)]
    [InlineData("{exec: {command: \"/bin/echo\", env: [{value: hidden}]}}", null)]
    [InlineData("{exec: {command: \"/bin/ec\\0ho\"}}", null)]
    [InlineData("{client-certificate: \"/no\\0where\", client-key: x}", "KubeConfigUnusable")]
    public async Task A_login_that_cannot_be_sent_has_an_error_ID_and_shows_no_secret(string user, string? id)
    {
        File.WriteAllText(Path.Combine(_api.FolderPath, "token"), "hidden\ntoken\n");
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            ListAsync(KubeConfigText.Whole(_api, user))
        );
        Assert.Equal(id ?? error.ErrorId, error.ErrorId);
        Assert.StartsWith("Kube", error.ErrorId);
        Assert.DoesNotContain("hidden", error.ToString());
        Assert.Equal(0, _api.Count(ApiKind.List));
    }

    [Theory]
    [InlineData("tls-server-name: \"a b\"")]
    [InlineData("proxy-url: \"nonsense\"")]
    public async Task An_unusable_field_of_the_cluster_is_named(string cluster)
    {
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            ListAsync(KubeConfigText.Whole(_api, KubeConfigText.Token("good-token"), cluster: cluster))
        );
        Assert.Equal("KubeConfigUnusable", error.ErrorId);
        Assert.Contains(cluster.Split(':')[0], error.Message);
    }

    [Theory]
    [InlineData("localhost:6443")]
    [InlineData("ftp://localhost")]
    public async Task Rejects_a_server_that_is_not_an_HTTP_URL(string server)
    {
        string text = KubeConfigText
            .Whole(_api, KubeConfigText.Token("good-token"))
            .Replace(_api.Url, server, StringComparison.Ordinal);
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => ListAsync(text));
        Assert.Equal("KubeConfigUnusable", error.ErrorId);
    }

    [Fact]
    public async Task All_fields_of_impersonation_are_sent_as_kubectl_sends_them()
    {
        await ListAsync(
            KubeConfigText.Whole(
                _api,
                "{token: good-token, as: jörg, as-uid: \"7\", as-groups: [first, second], as-user-extra: "
                    + "{a/b%: [x, z], Reason: [why]}}"
            )
        );
        Assert.True(_api.Headers.TryDequeue(out IReadOnlyDictionary<string, string>? sent));
        Assert.Equal(
            [
                "Impersonate-Extra-a%2Fb%25: x|z",
                "Impersonate-Extra-Reason: why",
                "Impersonate-Group: first|second",
                "Impersonate-Uid: 7",
                "Impersonate-User: jörg",
            ],
            sent.Where(h => h.Key.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase))
                .Select(h => $"{h.Key}: {h.Value}")
                .Order(StringComparer.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task Impersonation_is_sent_once_after_a_plugin_was_run_again()
    {
        _api.Faults.Refuse(ApiKind.List, 401, times: 1);
        await ListAsync(
            KubeConfigText.Whole(
                _api,
                "{as: other, as-groups: [only], exec: {command: \"/bin/echo\", args: "
                    + "['{\"status\":{\"token\":\"good-token\"}}']}}"
            )
        );
        Assert.Equal(["only", "only"], _api.Headers.Select(h => h["Impersonate-Group"]));
    }

    [Theory]
    [InlineData("{token: good-token, as-groups: [g]}", "but no as")]
    [InlineData("{token: good-token, as-uid: \"7\"}", "but no as")]
    [InlineData("{token: good-token, as-user-extra: {scopes: [x]}}", "but no as")]
    [InlineData("{token: good-token, as: x, as-groups: only}", "as-groups")]
    [InlineData("{token: good-token, as: x, as-groups: [[nested]]}", "as-groups")]
    [InlineData("{token: good-token, as: x, as-user-extra: {scopes: view}}", "scopes")]
    [InlineData("{client-certificate-data: \"YWJj\"}", "client-key")]
    [InlineData("{token: good-token, username: somebody, password: hidden}", "token and also a username")]
    public async Task Rejects_a_user_that_kubectl_rejects(string user, string why)
    {
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            ListAsync(KubeConfigText.Whole(_api, user))
        );
        Assert.Equal("KubeConfigUnusable", error.ErrorId);
        Assert.Contains(why, error.Message);
        Assert.Equal(0, _api.Count(ApiKind.List));
    }

    [Fact]
    public async Task A_server_that_does_not_know_pods_is_not_reported_as_a_missing_pod()
    {
        string text = KubeConfigText
            .Whole(_api, KubeConfigText.Token("good-token"))
            .Replace(_api.Url, _api.Url + "/elsewhere", StringComparison.Ordinal);
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => ListAsync(text));
        Assert.Equal("KubernetesApiNotFound", error.ErrorId);
        Assert.Contains("list pods", error.Message);
        Assert.Contains("404", error.Message);
    }

    private async Task ListAsync(string text)
    {
        var request = new KubernetesConnectRequest { KubeConfig = KubeConfigText.Write(_api, text) };
        using var api = new ApiServer(KubeConfigLoader.Load(request, _ => { }));
        await api.ListPodsAsync(null, null, new CallBudget(TimeSpan.FromSeconds(10), Cancellation));
    }
}
