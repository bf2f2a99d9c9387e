using System.Reflection;
using System.Text.RegularExpressions;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;
using YamlDotNet.Serialization;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>Every field of a kubeconfig is documented in docs/kubeconfig.md, and has the documented effect.</summary>
[Trait("Kind", "Real")]
public sealed partial class KubeConfigFieldTests : IAsyncLifetime
{
    private const string Pem = "YQ==";

    /// <summary>A plugin that returns its input as the token.</summary>
    private const string Plugin =
        "command: /bin/sh, args: &args [-c, 'echo \"{status: {token: t$(printf %s "
        + "\"$KUBERNETES_EXEC_INFO$X$1\" | cksum | tr \" \" -)}}\"', sh, a]";

    private FakeApiServer _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A change of each field, and whether the change has an effect.</summary>
    public static TheoryData<string, string, string, bool> Changes =>
        new()
        {
            { "kind", Whole(), "kind: Other\n" + Whole(), false },
            { "apiVersion", Whole(), "apiVersion: v9\n" + Whole(), false },
            { "preferences", Whole(), "preferences: {}\n" + Whole(), false },
            { "preferences.colors", Whole(), "preferences: {colors: true}\n" + Whole(), false },
            {
                "preferences.extensions",
                Whole(),
                "preferences: {extensions: [{name: a, extension: {b: c}}]}\n" + Whole(),
                false
            },
            { "extensions", Whole(), "extensions: [{name: a, extension: {b: c}}]\n" + Whole(), false },
            { "clusters", Whole(), Whole().Replace("clusters:", "x:"), true },
            { "contexts", Whole(), Whole().Replace("contexts:", "x:"), true },
            { "users", Whole(), Whole().Replace("users:", "x:"), true },
            { "clusters.name", Whole(), Whole().Replace("name: c,", "name: x,"), true },
            { "contexts.name", Whole(), Whole().Replace("name: n,", "name: x,"), true },
            { "users.name", Whole(), Whole().Replace("name: u,", "name: x,"), true },
            { "clusters.cluster", Whole(), Whole().Replace(", cluster: {server", ", x: {server"), true },
            { "contexts.context", Whole(), Whole().Replace("context: {cluster", "x: {cluster"), true },
            { "users.user", Whole(), Whole().Replace("user: {token", "x: {token"), true },
            { "current-context", Whole(), Whole().Replace("current-context: n", "current-context: x"), true },
            { "context.cluster", Whole(), Whole().Replace("{cluster: c,", "{cluster: x,"), true },
            { "context.user", Whole(), Whole().Replace("user: u}", "user: x}"), true },
            { "context.namespace", Whole(), Whole().Replace("user: u}", "user: u, namespace: mine}"), true },
            {
                "context.extensions",
                Whole(),
                Whole().Replace("user: u}", "user: u, extensions: [{name: a, extension: b}]}"),
                false
            },
            { "cluster.server", Whole(), Whole().Replace("10.0.0.1", "10.0.0.2"), true },
            { "cluster.tls-server-name", Whole(), Whole(cluster: "tls-server-name: api.example"), true },
            { "cluster.insecure-skip-tls-verify", Whole(), Whole(cluster: "insecure-skip-tls-verify: true"), true },
            { "cluster.certificate-authority", Whole(), Whole(cluster: "certificate-authority: ca.crt"), true },
            {
                "cluster.certificate-authority-data",
                Whole(),
                Whole(cluster: "certificate-authority-data: AUTHORITY"),
                true
            },
            { "cluster.proxy-url", Whole(), Whole(cluster: "proxy-url: 'http://proxy:3128'"), true },
            { "cluster.disable-compression", Exec(), Exec(cluster: "disable-compression: true"), true },
            { "cluster.disable-compression", Whole(), Whole(cluster: "disable-compression: true"), false },
            { "cluster.extensions", Exec(), Exec(cluster: Extension("client.authentication.k8s.io/exec", "b")), true },
            { "extensions.name", Exec(), Exec(cluster: Extension("other", "b")), false },
            {
                "extensions.extension",
                Exec(cluster: Extension("client.authentication.k8s.io/exec", "a")),
                Exec(cluster: Extension("client.authentication.k8s.io/exec", "b")),
                true
            },
            {
                "user.client-certificate",
                Whole(),
                Whole("client-certificate: client.crt, client-key: client.key"),
                true
            },
            { "user.client-certificate-data", Whole(), Whole($"client-certificate-data: {Pem}"), true },
            {
                "user.client-key",
                Whole("client-certificate: client.crt"),
                Whole("client-certificate: client.crt, client-key: client.key"),
                true
            },
            { "user.client-key-data", Whole(), Whole($"token: t, client-key-data: {Pem}"), false },
            {
                "user.client-key-data",
                Whole("client-certificate: client.crt"),
                Whole($"client-certificate: client.crt, client-key-data: {Pem}"),
                true
            },
            { "user.token", Whole(), Whole("token: other"), true },
            { "user.tokenFile", Whole(), Whole("token: t, tokenFile: token"), true },
            { "user.as", Whole(), Whole("token: t, as: a"), true },
            { "user.as-uid", Whole("token: t, as: a"), Whole("token: t, as: a, as-uid: b"), true },
            { "user.as-groups", Whole("token: t, as: a"), Whole("token: t, as: a, as-groups: [b]"), true },
            { "user.as-user-extra", Whole("token: t, as: a"), Whole("token: t, as: a, as-user-extra: {b: [c]}"), true },
            { "user.username", Whole("password: b"), Whole("username: a, password: b"), true },
            { "user.password", Whole("username: a"), Whole("username: a, password: b"), true },
            { "user.auth-provider", Whole("as: a"), Whole("as: a, auth-provider: {name: gcp}"), true },
            {
                "user.auth-provider.name",
                Whole("auth-provider: {name: oidc}"),
                Whole("auth-provider: {name: gcp}"),
                true
            },
            {
                "user.auth-provider.config",
                Whole("auth-provider: {name: oidc}"),
                Whole("auth-provider: {name: oidc, config: {id-token: a}}"),
                true
            },
            { "user.exec", Whole("as: a"), Whole($"as: a, exec: {{{Plugin}}}"), true },
            { "user.exec.command", Exec(), Exec().Replace("/bin/sh", "/bin/false"), true },
            { "user.exec.args", Exec(), Exec().Replace(", sh, a]", ", sh, b]"), true },
            { "user.exec.env", Exec(), Exec("env: [{name: X, value: b}]"), true },
            { "user.exec.env.name", Exec("env: [{name: X, value: b}]"), Exec("env: [{name: Y, value: b}]"), true },
            { "user.exec.env.value", Exec("env: [{name: X, value: b}]"), Exec("env: [{name: X, value: c}]"), true },
            { "user.exec.apiVersion", Exec(), Exec("apiVersion: client.authentication.k8s.io/v1beta1"), true },
            {
                "user.exec.installHint",
                Whole("exec: {command: /bin/false}"),
                Whole("exec: {command: /bin/false, installHint: install it}"),
                true
            },
            {
                "user.exec.provideClusterInfo",
                Exec("provideClusterInfo: false"),
                Exec("provideClusterInfo: true"),
                true
            },
            { "user.exec.interactiveMode", Exec(), Exec("interactiveMode: IfAvailable"), false },
            { "user.exec.interactiveMode", Exec(), Exec("interactiveMode: Always"), true },
            { "user.extensions", Whole(), Whole("token: t, extensions: [{name: a, extension: {b: c}}]"), false },
        };

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync();
        File.WriteAllText(Path.Combine(_api.FolderPath, "ca.crt"), _api.AuthorityPem);
        File.WriteAllText(Path.Combine(_api.FolderPath, "token"), "of-the-file");
        (string certificate, string key) = _api.IssueClient("somebody");
        File.WriteAllText(Path.Combine(_api.FolderPath, "client.crt"), certificate);
        File.WriteAllText(Path.Combine(_api.FolderPath, "client.key"), key);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public void The_page_the_types_and_the_changes_have_the_same_fields()
    {
        Assert.Equal(KubeConfigV1.Fields.Order(), OnPage().Order());
        Assert.Equal(KubeConfigV1.Fields.Order(), Changes.Select(c => c.Data.Item1).Distinct().Order());
    }

    /// <summary>
    /// The client library has its own types; this module must know every field that a newer version adds.
    /// </summary>
    [Fact]
    public void The_types_have_every_field_of_the_client_library()
    {
        string[] known =
        [
            .. typeof(k8s.KubeConfigModels.K8SConfiguration)
                .Assembly.GetTypes()
                .Where(t => t.Namespace == "k8s.KubeConfigModels")
                .SelectMany(t => t.GetProperties())
                .Select(p => p.GetCustomAttribute<YamlMemberAttribute>()?.Alias)
                .OfType<string>(),
        ];
        Assert.True(known.Length > 20);
        Assert.Empty(known.Except(KubeConfigV1.Names));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Each_field_has_the_documented_effect(string field, string before, string after, bool hasEffect)
    {
        string first = await DescribeAsync(before);
        string second = await DescribeAsync(after);
        Assert.True(first != second == hasEffect, $"{field}: {first}\n{second}");
    }

    [Theory]
    [InlineData(
        "exec: {command: /bin/true}, auth-provider: {name: oidc, config: {id-token: a}}",
        "KubeConfigUnusable",
        "auth-provider"
    )]
    [InlineData(
        "token: t, exec: {command: /bin/true}, auth-provider: {name: gcp}",
        "KubeConfigUnusable",
        "auth-provider"
    )]
    [InlineData("exec: {command: /bin/true, interactiveMode: Sometimes}", "KubeConfigUnusable", "interactiveMode")]
    [InlineData("exec: {command: /bin/true, env: [{value: a}]}", "KubeConfigUnusable", "variable")]
    [InlineData("exec: {command: /bin/true, interactiveMode: Always}", "KubeCredentialPluginFailed", "terminal")]
    public async Task Rejects_what_kubectl_rejects_and_runs_no_plugin(string user, string errorId, string why)
    {
        string ran = Path.Combine(_api.FolderPath, "ran");
        string text = Whole(user)
            .Replace(
                "/bin/true",
                $"/bin/sh, args: [-c, 'touch {ran}; echo \"{{status: {{token: t}}}}\"']",
                StringComparison.Ordinal
            );
        string described = await DescribeAsync(text);
        Assert.StartsWith(errorId, described);
        Assert.Contains(why, described);
        Assert.False(File.Exists(ran));
    }

    private static IReadOnlyList<string> OnPage()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "EtcdMaint.PowerShell.sln")))
            root = root.Parent;
        string page = File.ReadAllText(Path.Combine(root!.FullName, "docs", "kubeconfig.md"));
        return
        [
            .. Row()
                .Matches(page)
                .SelectMany(row => Name().Matches(row.Groups[1].Value))
                .Select(n => n.Groups[1].Value),
        ];
    }

    private static string Whole(string user = "token: t", string cluster = "") =>
        $$$"""
            current-context: n
            contexts: [{name: n, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443"{{{(
                cluster.Length > 0 ? ", " + cluster : ""
            )}}} } }]
            users: [{name: u, user: {{{{user}}}} }]
            """;

    private static string Exec(string more = "args: *args", string cluster = "") =>
        Whole($"exec: {{provideClusterInfo: true, {Plugin}, {more}}}", cluster);

    private static string Extension(string name, string value) =>
        $"extensions: [{{name: {name}, extension: {{a: {value}}}}}]";

    /// <summary>All properties of a request to the API server, or the error.</summary>
    private async Task<string> DescribeAsync(string text)
    {
        string whole = text.Replace("AUTHORITY", KubeConfigText.Base64(_api.AuthorityPem), StringComparison.Ordinal);
        try
        {
            ApiServerSettings settings = KubeConfigLoader.Load(
                new KubernetesConnectRequest { KubeConfig = KubeConfigText.Write(_api, whole) },
                _ => { }
            );
            object?[] parts =
            [
                settings.Server,
                settings.Name,
                settings.Namespace,
                string.Join(',', settings.Authorities.Select(a => a.Thumbprint)),
                settings.SkipCertificateCheck,
                settings.ServerName,
                settings.Proxy,
                settings.Client?.Client?.Thumbprint,
                settings.Token is { } token ? await token.GetAuthenticationHeaderAsync(Cancellation) : null,
                settings.UserName,
                settings.Password,
                string.Join(',', settings.Impersonation),
            ];
            return string.Join('|', parts);
        }
        catch (EtcdException error)
        {
            return $"{error.ErrorId}: {error.Message} {error.RecommendedAction}";
        }
    }

    [GeneratedRegex(@"^\| (`.*?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
