using System.Text.Json;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>The YAML of kubeconfigs and plugin replies is read as kubectl 1.32 was observed to read it.</summary>
[Trait("Kind", "Real")]
public sealed class KubeConfigYamlTests : IAsyncLifetime
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
    [InlineData("\n    token: other\n    token: good-token")]
    [InlineData("\n    <<: {token: good-token}\n    as: x")]
    [InlineData("\n    <<: &base {token: good-token}")]
    [InlineData("\n    <<: [{token: good-token}, {token: other}]")]
    [InlineData("\n    token: other\n    <<: {token: good-token}")]
    [InlineData("\n    <<: {token: other}\n    token: good-token")]
    [InlineData("{token: good-token, username: \"\", password: \"\"}")]
    [InlineData("\n    token: &anchor good-token\n    as: *anchor")]
    [InlineData("{exec: {command: /bin/echo, args: [\"status:\\n  token: good-token\\n\"]}}")]
    [InlineData("{exec: {command: /bin/echo, args: [\"{status: {token: good-token}}\"]}}")]
    [InlineData("{token: null, exec: {command: /bin/echo, args: ['{\"status\":{\"token\":\"good-token\"}}']}}")]
    public async Task A_user_that_kubectl_can_read_logs_in(string user) =>
        await ListAsync(KubeConfigText.Whole(_api, user));

    [Fact]
    public async Task A_cluster_can_merge_the_keys_of_another()
    {
        string text = KubeConfigText
            .Whole(_api, KubeConfigText.Token("good-token"))
            .Replace("cluster: {server: ", "cluster: {<<: *base, server: ", StringComparison.Ordinal)
            .Replace(
                $"certificate-authority-data: \"{KubeConfigText.Base64(_api.AuthorityPem)}\"",
                "extensions: []",
                StringComparison.Ordinal
            );
        await ListAsync(
            $"x-base: &base {{certificate-authority-data: \"{KubeConfigText.Base64(_api.AuthorityPem)}\"}}\n{text}"
        );
    }

    [Fact]
    public async Task A_plugin_receives_the_settings_and_the_authority_of_its_cluster()
    {
        string seen = Path.Combine(_api.FolderPath, "seen");
        File.WriteAllText(Path.Combine(_api.FolderPath, "ca.crt"), _api.AuthorityPem);
        string user =
            "{exec: {apiVersion: client.authentication.k8s.io/v1, provideClusterInfo: true, command: "
            + "/bin/sh, args: [-c, "
            + $"'printf %s \"$KUBERNETES_EXEC_INFO\" > {seen}; echo \"status: {{token: good-token}}\"']}}}}";
        string text = KubeConfigText
            .Whole(
                _api,
                user,
                cluster: "extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: 5, text: "
                    + "\"5\", list: [a, true, null]}}]"
            )
            .Replace(
                $"certificate-authority-data: \"{KubeConfigText.Base64(_api.AuthorityPem)}\"",
                "certificate-authority: ca.crt",
                StringComparison.Ordinal
            );
        await ListAsync(text);
        using JsonDocument info = JsonDocument.Parse(File.ReadAllText(seen));
        JsonElement cluster = info.RootElement.GetProperty("spec").GetProperty("cluster");
        Assert.Equal(
            """{"audience":5,"text":"5","list":["a",true,null]}""",
            cluster.GetProperty("config").GetRawText()
        );
        Assert.Equal(
            _api.AuthorityPem,
            System.Text.Encoding.UTF8.GetString(cluster.GetProperty("certificate-authority-data").GetBytesFromBase64())
        );
    }

    [Theory]
    [InlineData("insecure-skip-tls-verify: \"true\"")]
    [InlineData("insecure-skip-tls-verify: 1")]
    public async Task A_string_is_not_accepted_as_a_Boolean(string cluster)
    {
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            ListAsync(KubeConfigText.Whole(_api, KubeConfigText.Token("good-token"), cluster: cluster))
        );
        Assert.Equal("KubeConfigUnusable", error.ErrorId);
        Assert.Contains("insecure-skip-tls-verify", error.Message);
    }

    [Fact]
    public async Task Rejects_deep_nesting_and_unknown_or_recursive_aliases()
    {
        string whole = KubeConfigText.Whole(_api, KubeConfigText.Token("good-token"));
        string deep = new string('[', 100_000);
        string laughs = string.Concat(Enumerable.Range(1, 40).Select(i => $"x{i}: &x{i} [*x{i - 1}, *x{i - 1}]\n"));
        foreach (
            string text in new[]
            {
                $"x: {deep}\n{whole}",
                $"x: *nothing\n{whole}",
                $"x: &x [*x]\n{whole}",
                $"<<: 5\n{whole}",
            }
        )
            Assert.Equal(
                "KubeConfigUnusable",
                (await Assert.ThrowsAnyAsync<EtcdException>(() => ListAsync(text))).ErrorId
            );
        await ListAsync($"x0: &x0 [a]\n{laughs}{whole}");
        string keys = string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"k{i}: "));
        string merges = string.Concat(Enumerable.Repeat("- {<<: *keys}\n", 1000));
        Assert.Equal(
            "KubeConfigUnusable",
            (
                await Assert.ThrowsAnyAsync<EtcdException>(() =>
                    ListAsync($"keys: &keys {{{keys}}}\nmerged:\n{merges}{whole}")
                )
            ).ErrorId
        );
        string plugin = KubeConfigText.Whole(
            _api,
            "{exec: {provideClusterInfo: true, command: /bin/true}}",
            cluster: "extensions: [{name: client.authentication.k8s.io/exec, extension: *x40}]"
        );
        Assert.StartsWith(
            "Kube",
            (await Assert.ThrowsAnyAsync<EtcdException>(() => ListAsync($"x0: &x0 [a]\n{laughs}{plugin}"))).ErrorId
        );
    }

    [Fact]
    public void Any_damage_to_a_kubeconfig_gives_a_value_or_an_error_with_an_ID()
    {
        string whole = KubeConfigText.Whole(
            _api,
            "{token: a, <<: {as: b, as-user-extra: {c: [d]}}, client-certificate-data: YQ==, client-key-data: YQ==}",
            cluster: "proxy-url: \"http://p:1\""
        );
        var random = new Random(18);
        const string Signs = "{}[]:,&*!|>'\"%@`#?-~<= \n\t\0\u0085\ufeffax0";
        for (int round = 0; round < 3000; round++)
        {
            char[] text = whole.ToCharArray();
            for (int change = random.Next(1, 6); change > 0; change--)
                text[random.Next(text.Length)] = Signs[random.Next(Signs.Length)];
            string damaged = new string(text)[..random.Next(text.Length / 2, text.Length)];
            try
            {
                KubeConfigLoader.Load(
                    new KubernetesConnectRequest { KubeConfig = KubeConfigText.Write(_api, damaged) },
                    _ => { }
                );
            }
            catch (EtcdException error)
            {
                // The guard for unforeseen exceptions should never be needed.
                Assert.False(
                    error.Message.Contains("Exception", StringComparison.Ordinal),
                    $"{error.Message}\n{damaged}"
                );
            }
        }
    }

    private async Task ListAsync(string text)
    {
        var request = new KubernetesConnectRequest { KubeConfig = KubeConfigText.Write(_api, text) };
        using var api = new ApiServer(KubeConfigLoader.Load(request, _ => { }));
        await api.ListPodsAsync(null, null, new CallBudget(TimeSpan.FromSeconds(10), Cancellation));
    }
}
