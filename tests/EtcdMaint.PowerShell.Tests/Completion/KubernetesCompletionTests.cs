using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.PowerShell.Tests.Completion;

/// <summary>Completion of contexts, namespaces and pods from a kubeconfig and its API server.</summary>
[Trait("Kind", "Real")]
public sealed class KubernetesCompletionTests : IDisposable
{
    private const string Token = "test-token";

    private readonly Shell _shell = new();

    [Fact]
    public async Task Completes_names_from_a_kubeconfig()
    {
        await using FakeApiServer api = await StartAsync();
        string config = KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token(Token), "test one"));
        string connect = $"Connect-EtcdCluster -KubeConfig '{config}'";
        Assert.Equal(["'test one'"], _shell.Complete($"{connect} -Context "));
        Assert.Equal(["default", "kube-system"], Twice($"{connect} -Namespace "));
        Assert.Equal(["kube-system"], _shell.Complete($"{connect} -Namespace kube"));
        Assert.Equal(["'etcd-node1'"], Twice($"{connect} -PodName "));
        Assert.Empty(_shell.Complete($"{connect} -Namespace default -PodName "));
        Assert.Empty(_shell.Complete($"{connect} -Context other -PodName "));
    }

    [Fact]
    public async Task Does_not_offer_a_name_with_a_control_character()
    {
        await using FakeApiServer api = await StartAsync();
        string config = KubeConfigText.Write(
            api,
            KubeConfigText.Whole(api, KubeConfigText.Token(Token), "\"ev\\eil\"")
        );
        Assert.Empty(_shell.Complete($"Connect-EtcdCluster -KubeConfig '{config}' -Context "));
        Outcome unknown = _shell.Run($"Connect-EtcdCluster -KubeConfig '{config}' -Context other");
        Assert.Contains("It has: ev\uFFFDil.", unknown.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolves_a_relative_path_from_the_current_location()
    {
        await using FakeApiServer api = await StartAsync();
        KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token(Token)));
        _shell.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{api.FolderPath}')");
        Assert.Equal(["test"], _shell.Complete("Connect-EtcdCluster -KubeConfig ./config -Context "));
    }

    [Fact]
    public async Task Runs_no_plugin_and_shows_no_error()
    {
        await using FakeApiServer api = await StartAsync();
        string ran = Path.Combine(api.FolderPath, "ran");
        string plugin = KubeConfigText.Write(
            api,
            KubeConfigText.Whole(api, $"{{exec: {{command: touch, args: [\"{ran}\"]}}}}"),
            "plugin"
        );
        string stranger = KubeConfigText.Write(
            api,
            KubeConfigText.Whole(api, KubeConfigText.Token("unknown")),
            "stranger"
        );
        Assert.Empty(_shell.Complete($"Connect-EtcdCluster -KubeConfig '{plugin}' -Namespace "));
        Assert.False(File.Exists(ran));
        Assert.Empty(_shell.Complete($"Connect-EtcdCluster -KubeConfig '{stranger}' -Namespace "));
        Assert.Empty(_shell.Complete("Connect-EtcdCluster -KubeConfig /no/such/file -Context "));
    }

    [Fact]
    public async Task Does_not_wait_for_a_server_that_does_not_answer()
    {
        await using FakeApiServer api = await StartAsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string text = KubeConfigText
            .Whole(api, KubeConfigText.Token(Token))
            .Replace(api.Url, $"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        string config = KubeConfigText.Write(api, text);
        var watch = Stopwatch.StartNew();
        Assert.Empty(_shell.Complete($"Connect-EtcdCluster -KubeConfig '{config}' -Namespace "));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    public void Dispose() => _shell.Dispose();

    /// <summary>Loading libraries for the first time may take longer than the time limit of a completion.</summary>
    private IEnumerable<string> Twice(string line)
    {
        string[] first = [.. _shell.Complete(line)];
        return first.Length > 0 ? first : _shell.Complete(line);
    }

    private static async Task<FakeApiServer> StartAsync()
    {
        FakeApiServer api = await FakeApiServer.StartAsync();
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            cancellation: TestContext.Current.CancellationToken
        );
        api.Pods.AddRange(EtcdPods.Kubeadm(etcd));
        api.Users.Add(new ApiUser("admin") { Token = Token });
        return api;
    }
}
