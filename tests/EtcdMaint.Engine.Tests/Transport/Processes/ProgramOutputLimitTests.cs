using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Processes;

/// <summary>Programs that print without an end, run on this machine, over ssh and in a pod.</summary>
[Trait("Kind", "Real")]
public sealed class ProgramOutputLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(60), Cancellation);

    [Theory]
    [InlineData("exec yes")]
    [InlineData("exec yes >&2")]
    public async Task Program_that_prints_without_an_end_is_ended_and_refused(string script)
    {
        DialException refused = await Assert.ThrowsAsync<DialException>(() => RunAsync(script));
        Assert.Equal(CallFailure.ResponseTooLarge, refused.Failure);
        Assert.Equal("sh printed more than 32 MB", refused.Message);
    }

    [Fact]
    public async Task Program_that_prints_without_an_end_and_reads_no_input_is_ended_and_refused()
    {
        byte[] input = new byte[1_000_000];
        DialException refused = await Assert.ThrowsAsync<DialException>(() =>
            ChildProcess.RunAsync("yes", [], static _ => { }, input, Limit)
        );
        Assert.Equal(CallFailure.ResponseTooLarge, refused.Failure);
    }

    [Fact]
    public async Task Output_up_to_the_limit_is_read_whole() =>
        Assert.Equal(
            SizeLimits.ProgramOutput,
            (await RunAsync($"head -c {SizeLimits.ProgramOutput} /dev/zero")).Output.Length
        );

    [Fact]
    public async Task Output_is_read_even_while_a_child_of_the_program_keeps_the_stream_open() =>
        Assert.Equal("done\n", (await RunAsync("sleep 10 & echo done")).Output);

    [Fact]
    public async Task Etcdctl_that_prints_without_an_end_is_refused()
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
    public async Task Credential_plugin_that_prints_without_an_end_is_refused()
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
    public async Task Program_over_ssh_that_prints_without_an_end_is_refused()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(1);
        await using var runner = new SshCommandRunner(nodes.Connection());
        DialException refused = await Assert.ThrowsAsync<DialException>(() =>
            runner.RunAsync("yes", [], default, Limit)
        );
        Assert.Equal(CallFailure.ResponseTooLarge, refused.Failure);
    }

    [Fact]
    public async Task Program_in_a_pod_that_prints_too_much_is_refused()
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
    public async Task Of_a_long_line_only_the_beginning_is_kept()
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
