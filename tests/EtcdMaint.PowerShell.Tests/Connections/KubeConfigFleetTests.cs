using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>
/// Many records with kubeconfigs, some of which are invalid: an invalid one does not affect the others.
/// </summary>
[Trait("Kind", "Real")]
public sealed class KubeConfigFleetTests : IDisposable
{
    private const string Token = "test-token";

    private readonly Shell _shell = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(32)]
    public async Task An_invalid_record_does_not_affect_the_others(int throttle)
    {
        await using FakeApiServer api = await FakeApiServer.StartAsync();
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            cancellation: TestContext.Current.CancellationToken
        );
        api.Pods.AddRange(EtcdPods.Kubeadm(etcd));
        api.Users.Add(new ApiUser("admin") { Token = Token });
        string good = KubeConfigText.Whole(api, KubeConfigText.Token(Token));
        (string Text, string ErrorId)[] bad =
        [
            ("", "KubeConfigUnusable"),
            ("users: [{name: a, user: {token: x\n", "KubeConfigUnusable"),
            (
                good.Replace("current-context: test", "current-context: other", StringComparison.Ordinal),
                "KubeContextNotFound"
            ),
            (good.Replace("https://", "ftp://", StringComparison.Ordinal), "KubeConfigUnusable"),
            (KubeConfigText.Whole(api, "{token: \"a\\nb\"}"), "KubeLoginUnusable"),
            (KubeConfigText.Whole(api, "{exec: {command: no-such-plugin}}"), "KubeCredentialPluginFailed"),
            (
                KubeConfigText.Whole(api, "{exec: {command: \"true\", interactiveMode: Always}}"),
                "KubeCredentialPluginFailed"
            ),
            (
                KubeConfigText.Whole(api, "{exec: {command: \"true\"}, auth-provider: {name: oidc}}"),
                "KubeConfigUnusable"
            ),
            (KubeConfigText.Whole(api, "{auth-provider: {name: gcp}}"), "KubeConfigUnusable"),
            (KubeConfigText.Whole(api, "{client-certificate-data: \"%\"}"), "KubeConfigUnusable"),
            (KubeConfigText.Whole(api, KubeConfigText.Token("wrong")), "KubernetesLoginRejected"),
            (
                KubeConfigText.Whole(api, KubeConfigText.Token(Token), cluster: "proxy-url: \"nowhere\""),
                "KubeConfigUnusable"
            ),
            (good.Replace(api.Url, "https://127.0.0.1:9", StringComparison.Ordinal), "KubernetesUnreachable"),
        ];
        string[] records =
        [
            Record("first", KubeConfigText.Write(api, good, "first")),
            Record("missing", "/no/such/file"),
            .. bad.Select((b, i) => Record($"bad{i}", KubeConfigText.Write(api, b.Text, $"bad{i}"))),
            "[pscustomobject]@{ ClusterName = 'port'; KubeConfig = '/no/such/file'; ClientPort = '0' }",
            Record("last", KubeConfigText.Write(api, good, "last")),
        ];

        Outcome fleet = _shell.Run(
            $"{string.Join(", ", records)} | Connect-EtcdCluster -ThrottleLimit {throttle} -TimeoutSeconds 10"
        );
        Assert.Equal(["first", "last"], fleet.Output.Select(c => c!.ToString()!).Order());
        Assert.Equal(
            bad.Select(b => b.ErrorId).Append("KubeConfigNotFound").Append("ClientPortOutOfRange").Order(),
            fleet.ErrorIds.Order()
        );
        Assert.All(fleet.Errors, e => Assert.IsAssignableFrom<EtcdException>(e.Exception));
        Assert.DoesNotContain(Token, fleet.ErrorText, StringComparison.Ordinal);

        Outcome status = _shell.Run("Get-EtcdConnection | Get-EtcdMemberStatus");
        Assert.Empty(status.ErrorText);
        Assert.Equal(2, status.Output.Count);
    }

    public void Dispose()
    {
        _shell.Run("Get-EtcdConnection | Disconnect-EtcdCluster");
        _shell.Dispose();
    }

    /// <summary>Records as Import-Csv creates them: every cell is a string, and some are empty.</summary>
    private static string Record(string name, string path) =>
        $"[pscustomobject]@{{ ClusterName = '{name}'; KubeConfig = '{path}'; Context = ''; Namespace = ''; "
        + "Access = 'Exec'; ClientPort = '' }";
}
