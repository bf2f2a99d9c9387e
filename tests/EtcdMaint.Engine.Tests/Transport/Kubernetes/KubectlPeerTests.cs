using System.Diagnostics;
using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// The runbook's loop of <c>kubectl exec</c> on the same API server, for comparison; skipped without kubectl.
/// </summary>
[Trait("Kind", "Real")]
public sealed class KubectlPeerTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_loop_of_kubectl_exec_reaches_the_same_members()
    {
        Assert.SkipUnless(HasKubectl(), "kubectl is not on the path.");
        await using ControlPlane plane = await ControlPlane.StartAsync(pods: cluster => EtcdPods.KubeUp(cluster));
        var watch = Stopwatch.StartNew();
        foreach (FakePod pod in plane.Api.Pods)
        {
            int port = pod.Ports.Keys.Single();
            (int code, string text) = await KubectlAsync(
                plane,
                "exec",
                pod.Name,
                "-n",
                "kube-system",
                "-c",
                "etcd-container",
                "--",
                "/usr/local/bin/etcdctl",
                $"--endpoints=https://127.0.0.1:{port}",
                "--cacert",
                "/etc/kubernetes/ssl/ca.pem",
                "--cert",
                "/etc/kubernetes/ssl/etcd-client.pem",
                "--key",
                "/etc/kubernetes/ssl/etcd-client-key.pem",
                "endpoint",
                "status"
            );
            output.WriteLine(text);
            Assert.SkipWhen(
                text.Contains("Upgrade request required", StringComparison.Ordinal),
                "This kubectl speaks SPDY, the test API server WebSockets only."
            );
            Assert.Equal(0, code);
            Assert.Contains(plane.Etcd.Members, m => text.Contains(m.Id, StringComparison.Ordinal));
        }
        TimeSpan loop = watch.Elapsed;

        watch.Restart();
        await using PodConnection exec = await plane.ConnectAsync(EtcdPodAccess.Exec);
        TimeSpan connected = watch.Elapsed;
        await exec.StatusAsync();
        TimeSpan byExec = watch.Elapsed - connected;
        await using PodConnection forward = await plane.ConnectAsync(EtcdPodAccess.PortForward);
        watch.Restart();
        await forward.StatusAsync();
        output.WriteLine(
            $"kubectl exec loop {loop}, Exec {byExec} (connecting {connected}), PortForward {watch.Elapsed}"
        );
    }

    private static bool HasKubectl() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(p => File.Exists(Path.Combine(p, "kubectl")));

    private static async Task<(int Code, string Text)> KubectlAsync(ControlPlane plane, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add($"--kubeconfig={plane.KubeConfig}");
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Cancellation);
        string text = await process.StandardOutput.ReadToEndAsync(Cancellation) + await errors;
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, text);
    }
}
