using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>etcdctl inside a container on the node: which runtime, which container, and what may be missing.</summary>
[Trait("Kind", "Real")]
public sealed class ContainerTests(ContainerNode node, ITestOutputHelper output)
    : IClassFixture<ContainerNode>,
        IAsyncLifetime
{
    private RuntimeStandIn? _runtimes;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SshConnectRequest Request => node.Nodes.Request(node.Etcd) with { EtcdctlPath = null };

    public async ValueTask InitializeAsync() => _runtimes = await node.ResetAsync(Cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("crictl", EtcdContainerRuntime.Crictl)]
    [InlineData("nerdctl", EtcdContainerRuntime.Nerdctl)]
    [InlineData("docker", EtcdContainerRuntime.Docker)]
    [InlineData("podman", EtcdContainerRuntime.Podman)]
    public async Task Each_runtime_is_found_and_used(string program, EtcdContainerRuntime runtime)
    {
        _runtimes!.Add(program);
        foreach (EtcdContainerRuntime asked in new[] { EtcdContainerRuntime.Auto, runtime })
            Assert.True(await IsReachableAsync(Request with { ContainerRuntime = asked }));
        output.WriteLine(string.Join('\n', _runtimes.Commands));
        Assert.Contains(
            _runtimes.Commands,
            c => c.Contains(" exec 0123456789ab etcdctl endpoint status", StringComparison.Ordinal)
        );
        Assert.All(_runtimes.Commands, c => Assert.StartsWith(program, c));
    }

    [Fact]
    public async Task Auto_tries_one_runtime_after_the_other_and_reports_those_that_it_skipped()
    {
        _runtimes!.Add("crictl");
        _runtimes.EmptyList("crictl");
        _runtimes.Add("docker");
        Assert.True(await IsReachableAsync(Request));
        Assert.StartsWith("crictl ps", _runtimes.Commands[0]);

        _runtimes.EmptyList("docker");
        Assert.True(await IsReachableAsync(Request with { EtcdctlPath = node.Etcd.Binaries.Etcdctl }));
        EtcdException none = await ErrorAsync(Request with { EtcdctlPath = "/nowhere/etcdctl" });
        Assert.Equal("EtcdctlNotFound", none.ErrorId);
        Assert.Contains(
            "docker has no running container named etcd-container or etcd",
            none.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Each_missing_part_has_its_own_error()
    {
        Assert.Equal(
            "ContainerRuntimeNotFound",
            (await ErrorAsync(Request with { ContainerRuntime = EtcdContainerRuntime.Podman })).ErrorId
        );
        _runtimes!.Add("docker");
        Assert.Equal(
            "EtcdContainerNotFound",
            (
                await ErrorAsync(Request with { ContainerRuntime = EtcdContainerRuntime.Docker, Container = "another" })
            ).ErrorId
        );
        _runtimes.TakeEtcdctlAway();
        Assert.Equal(
            "EtcdctlNotFound",
            (await ErrorAsync(Request with { ContainerRuntime = EtcdContainerRuntime.Docker })).ErrorId
        );
    }

    [Fact]
    public async Task Sudo_is_tried_when_only_root_can_use_the_runtime()
    {
        _runtimes!.Add("crictl");
        _runtimes.RequireSudo();
        Assert.True(await IsReachableAsync(Request with { ContainerRuntime = EtcdContainerRuntime.Crictl }));
        Assert.Equal(
            "ContainerRuntimeUnusable",
            (
                await ErrorAsync(
                    Request with
                    {
                        ContainerRuntime = EtcdContainerRuntime.Crictl,
                    },
                    () => File.Delete(Path.Combine(node.Programs, "sudo"))
                )
            ).ErrorId
        );
    }

    [Theory]
    [InlineData(EtcdContainerRuntime.Auto)]
    [InlineData(EtcdContainerRuntime.Podman)]
    public async Task Sudo_is_tried_when_the_container_belongs_to_root_and_other_users_cannot_see_it(
        EtcdContainerRuntime runtime
    )
    {
        _runtimes!.Add("podman");
        _runtimes.GiveToRoot();
        Assert.True(await IsReachableAsync(Request with { ContainerRuntime = runtime }));
        Assert.Contains(_runtimes.Commands, c => c.StartsWith("podman exec ", StringComparison.Ordinal));
    }

    /// <summary>One message of each runtime; the tests of the runner have all of them.</summary>
    [Theory]
    [InlineData(
        "crictl",
        "level=fatal msg=\"execing command in container: rpc error: code = Unknown desc = container is in "
            + "CONTAINER_EXITED state\""
    )]
    [InlineData("nerdctl", "FATA[0000] no running task found: task 0123456789ab not found: not found")]
    [InlineData("docker", "OCI runtime exec failed: exec failed: cannot exec in a stopped container: unknown")]
    [InlineData("podman", "Error: can only create exec sessions on running containers: container state improper")]
    public async Task A_restarted_container_is_found_again(string program, string words)
    {
        _runtimes!.Add(program);
        await AssertFoundAgainAsync(() => _runtimes.Restart(words));
    }

    [Fact]
    public async Task A_replaced_container_is_found_again()
    {
        _runtimes!.Add("docker");
        await AssertFoundAgainAsync(() => _runtimes.Id = "ba9876543210");
    }

    [Fact]
    public async Task A_password_needs_a_shell_in_the_container_and_appears_on_no_command_line()
    {
        _runtimes!.Add("docker");
        await using TestEtcdCluster withUsers = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Auth = true, Tls = TlsMode.Mutual },
            Cancellation
        );
        SshConnectRequest request = node.Nodes.Request(withUsers) with
        {
            EtcdctlPath = null,
            UserName = ClusterUsers.Root.Name,
            Password = RealCluster.Secret(ClusterUsers.Root.Password),
        };
        Assert.Equal("ShellNotFound", (await ErrorAsync(request)).ErrorId);
        _runtimes.PutShellInside();
        Assert.True(await IsReachableAsync(request));
        Assert.DoesNotContain(
            _runtimes.Commands,
            c => c.Contains(ClusterUsers.Root.Password, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("nerdctl")]
    [InlineData("docker")]
    [InlineData("podman")]
    public async Task The_runtime_overrides_the_variables_of_the_container_when_it_has_no_shell(string runtime)
    {
        _runtimes!.Add(runtime);
        _runtimes.SetVariables(InTheWay);
        Assert.True(await IsReachableAsync(Request));
        Assert.Contains(_runtimes.Commands, c => c.Contains(" -e ETCDCTL_API= ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sh")]
    [InlineData("env")]
    public async Task The_programs_of_the_container_unset_its_variables_when_the_runtime_cannot_set_any(string program)
    {
        _runtimes!.Add("crictl");
        _runtimes.SetVariables(InTheWay);
        EtcdException named = await ErrorAsync(Request);
        Assert.Equal("EtcdctlVariableConflict", named.ErrorId);
        Assert.Contains("ETCDCTL_API", named.Message, StringComparison.Ordinal);
        if (program == "sh")
            _runtimes.PutShellInside();
        else
            _runtimes.PutEnvInside();
        Assert.True(await IsReachableAsync(Request));
    }

    private static (string, string)[] InTheWay =>
        [
            ("ETCDCTL_API", "2"),
            ("ETCDCTL_ENDPOINTS", "http://127.0.0.1:1"),
            ("ETCDCTL_CACERT", "/nowhere/ca.crt"),
            ("ETCDCTL_USER", "root:secret"),
            ("ETCDCTL_HEX", "true"),
        ];

    private async Task AssertFoundAgainAsync(Action replace)
    {
        EtcdConnection connection = await RealCluster.ConnectAsync(Request);
        await using IEtcdCluster cluster = connection.Cluster;
        Assert.Single(await StatusAsync(cluster), s => s.IsReachable);
        replace();
        EtcdException gone = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            cluster.GetMembersAsync(RealCluster.Timeout, new RunRecorder(), Cancellation)
        );
        Assert.Equal("EtcdContainerNotFound", gone.ErrorId);
        Assert.Single(await StatusAsync(cluster), s => s.IsReachable);
    }

    private static async Task<IReadOnlyList<EtcdMemberStatus>> StatusAsync(IEtcdCluster cluster)
    {
        var recorder = new RunRecorder();
        await cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Cancellation);
        return recorder.Rows<EtcdMemberStatus>();
    }

    private static async Task<bool> IsReachableAsync(ConnectRequest request)
    {
        EtcdConnection connection = await RealCluster.ConnectAsync(request);
        await using IEtcdCluster cluster = connection.Cluster;
        return (await StatusAsync(cluster)).Single().IsReachable;
    }

    private async Task<EtcdException> ErrorAsync(ConnectRequest request, Action? first = null)
    {
        first?.Invoke();
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => RealCluster.ConnectAsync(request));
        output.WriteLine($"{error.ErrorId}: {error.Message}");
        return error;
    }
}
