using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Processes;

/// <summary>Programs with endless output, on this machine, over ssh and in a pod.</summary>
[Trait("Kind", "Real")]
public sealed class ProgramOutputLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(60), Cancellation);

    [Theory]
    [InlineData("exec yes")]
    [InlineData("exec yes >&2")]
    public async Task A_program_with_endless_output_is_stopped_and_reported(string script)
    {
        DialException refused = await Assert.ThrowsAsync<DialException>(() => RunAsync(script));
        Assert.Equal(CallFailure.ResponseTooLarge, refused.Failure);
        Assert.Equal("sh printed more than 32 MB", refused.Message);
    }

    [Fact]
    public async Task A_program_with_endless_output_that_reads_no_input_is_stopped_and_reported()
    {
        byte[] input = new byte[1_000_000];
        DialException refused = await Assert.ThrowsAsync<DialException>(() =>
            ChildProcess.RunAsync("yes", [], static _ => { }, input, Limit)
        );
        Assert.Equal(CallFailure.ResponseTooLarge, refused.Failure);
    }

    [Fact]
    public async Task Output_up_to_the_limit_is_read_completely() =>
        Assert.Equal(
            SizeLimits.ProgramOutput,
            (await RunAsync($"head -c {SizeLimits.ProgramOutput} /dev/zero")).Output.Length
        );

    [Fact]
    public async Task Output_is_returned_even_if_a_child_process_keeps_the_stream_open() =>
        Assert.Equal("done\n", (await RunAsync("sleep 10 & echo done")).Output);

    [Fact]
    public async Task Endless_output_of_etcdctl_is_rejected()
    {
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("endless");
        string etcdctl = folder.Combine("etcdctl");
        (
            await Command.RunAsync(
                "/bin/sh",
                ["-c", "printf '#!/bin/sh\\nexec yes\\n' > \"$0\" && chmod 700 \"$0\"", etcdctl],
                Limit.Timeout,
                cancellation: Cancellation
            )
        ).OutputOrThrow();
        var request = new LocalConnectRequest
        {
            EtcdctlPath = etcdctl,
            Endpoint = ["http://127.0.0.1:1"],
            CallTimeout = Limit.Timeout,
        };
        Assert.Equal(
            "ResponseTooLarge",
            (await Assert.ThrowsAnyAsync<EtcdException>(() => RealCluster.ConnectAsync(request))).ErrorId
        );
    }

    [Fact]
    public async Task Endless_output_of_a_credential_plugin_is_rejected()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        string config = KubeConfigText.Write(server, KubeConfigText.Whole(server, "{exec: {command: yes}}"));
        using var api = new ApiServer(
            KubeConfigLoader.Load(new KubernetesConnectRequest { KubeConfig = config }, _ => { })
        );
        EtcdException refused = await Assert.ThrowsAnyAsync<EtcdException>(() => api.ListPodsAsync(null, null, Limit));
        Assert.Equal("KubeCredentialPluginFailed", refused.ErrorId);
        Assert.Contains("printed more than 32 MB", refused.Message);
    }

    [Fact]
    public async Task Endless_output_of_a_program_over_ssh_is_rejected()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        DialException refused = await Assert.ThrowsAsync<DialException>(() =>
            runner.RunAsync("yes", [], default, Limit)
        );
        Assert.Equal(CallFailure.ResponseTooLarge, refused.Failure);
    }

    [Fact]
    public async Task Too_much_output_of_a_program_in_a_pod_is_rejected()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        server.Users.Add(new ApiUser("admin") { Token = "good-token" });
        var pod = new FakePod(
            PodManifest.Create("etcd-node1", "kube-system", "node1", [PodManifest.Container("etcd", "etcd", ["etcd"])])
        );
        pod.Programs["head"] = "/usr/bin/head";
        server.Pods.Add(pod);
        string config = KubeConfigText.Write(server, KubeConfigText.Whole(server, KubeConfigText.Token("good-token")));
        using var api = new ApiServer(
            KubeConfigLoader.Load(new KubernetesConnectRequest { KubeConfig = config }, _ => { })
        );
        await using var runner = new PodCommandRunner(api, "kube-system", "etcd-node1", "etcd");
        DialException refused = await Assert.ThrowsAsync<DialException>(() =>
            runner.RunAsync("head", ["-c", $"{SizeLimits.ProgramOutput + 1}", "/dev/zero"], default, Limit)
        );
        Assert.Equal(CallFailure.ResponseTooLarge, refused.Failure);
    }

    [Fact]
    public async Task Only_the_beginning_of_a_long_line_is_kept()
    {
        var lines = new ShortLines(new StringReader($"first\r\n{new string('x', 1_000_000)}\n\nlast"));
        Assert.Equal("first", await lines.ReadAsync(Cancellation));
        string? line = await lines.ReadAsync(Cancellation);
        Assert.InRange(line!.Length, 1000, 10_000);
        Assert.Equal("", await lines.ReadAsync(Cancellation));
        Assert.Equal("last", await lines.ReadAsync(Cancellation));
        Assert.Null(await lines.ReadAsync(Cancellation));
    }

    private static Task<CommandOutput> RunAsync(string script) =>
        ChildProcess.RunAsync("sh", ["-c", script], static _ => { }, default, Limit);
}
