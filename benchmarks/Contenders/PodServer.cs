using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>
/// The members of a real cluster as kubeadm pods behind the test API server, whose exec really runs etcdctl.
/// </summary>
internal sealed class PodServer : IAsyncDisposable
{
    private const string Token = "benchmark";

    private readonly TestEtcdCluster _cluster;
    private readonly FakeApiServer _api;
    private readonly string _kubeConfig;

    private PodServer(TestEtcdCluster cluster, FakeApiServer api)
    {
        (_cluster, _api) = (cluster, api);
        _kubeConfig = KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token(Token)));
    }

    public IReadOnlyList<FakePod> Pods => _api.Pods;

    public static async Task<PodServer> StartAsync(TestEtcdCluster cluster)
    {
        FakeApiServer api = await FakeApiServer.StartAsync();
        api.Pods.AddRange(EtcdPods.Kubeadm(cluster));
        api.Users.Add(new ApiUser("admin") { Token = Token });
        return new PodServer(cluster, api);
    }

    /// <summary>The command with which a user connects; only port-forward needs certificates on this side.</summary>
    public string ConnectScript(string access)
    {
        string script =
            $"Connect-EtcdCluster -Kubernetes -KubeConfig {ModuleFiles.Quote(_kubeConfig)} -Access {access}";
        return access == "Exec" ? script : $"{script} {_cluster.CertificateParameters()}";
    }

    /// <summary>The runbook's command for one pod.</summary>
    public Task<ToolRun> KubectlExecAsync(string kubectl, FakePod pod, CancellationToken stop)
    {
        const string pki = "/etc/kubernetes/pki/etcd";
        return Tool.RunAsync(
            kubectl,
            [
                // kubectl's cache of a server belongs in this folder instead of the home folder of the user.
                "--kubeconfig",
                _kubeConfig,
                "--cache-dir",
                Path.Combine(_api.FolderPath, "cache"),
                "exec",
                "-n",
                pod.Namespace,
                pod.Name,
                "--",
                "etcdctl",
                "--endpoints",
                $"https://127.0.0.1:{pod.Ports.Keys.Single()}",
                $"--cacert={pki}/ca.crt",
                $"--cert={pki}/server.crt",
                $"--key={pki}/server.key",
                "endpoint",
                "status",
                "-w",
                "json",
            ],
            stop: stop
        );
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
