using System.Diagnostics;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>A node on which an application has its own etcd, in its own network and on the same port.</summary>
[Trait("Kind", "Real")]
public sealed class SecondEtcdTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Own = "0123456789ab";
    private const string Applications = "ba9876543210";

    private ThrowAwayFolder? _folder;
    private SshNodes? _nodes;
    private TestEtcdCluster? _etcd;
    private RuntimeStandIn? _runtimes;
    private Process? _application;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SshConnectRequest Request =>
        _nodes!.Request(_etcd!) with
        {
            EtcdctlPath = null,
            RemoteClientCertificatePath = null,
            RemoteClientKeyPath = null,
        };

    public async ValueTask InitializeAsync()
    {
        _folder = ThrowAwayFolder.Create("second");
        string programs = _folder.Combine("bin");
        _nodes = await SshNodes.OrSkipAsync(1, new SshServerOptions { Path = $"{programs}:/usr/bin:/bin" });
        _etcd = await TestEtcdCluster.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual }, Cancellation);
        _runtimes = new RuntimeStandIn(programs, _etcd.Binaries.Etcdctl) { Id = Own };
        _runtimes.Add("docker");
        _application = await StartApplicationAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            _application.Kill();
            await _application.WaitForExitAsync(CancellationToken.None);
            _application.Dispose();
        }
        if (_etcd is not null)
            await _etcd.DisposeAsync();
        if (_nodes is not null)
            await _nodes.DisposeAsync();
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("etcd", false)]
    [InlineData("etcd", true)]
    [InlineData(Own, true)]
    public async Task The_member_of_the_node_is_reached_in_its_own_container(string? container, bool isApplicationFirst)
    {
        (string, int)[] both = [(Own, _etcd!.Members[0].ProcessId), (Applications, _application!.Id)];
        _runtimes!.ListInDocker("etcd", isApplicationFirst ? [.. both.Reverse()] : both);
        EtcdMemberStatus status = await StatusAsync(Request with { Container = container });
        Assert.Equal(_etcd.Members[0].Id, status.MemberId);
        Assert.Contains(
            _runtimes.Commands,
            c => c.Contains($" exec {Own} etcdctl endpoint status", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(_runtimes.Commands, c => c.Contains($" exec {Applications} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_container_of_the_application_is_not_used_when_the_member_runs_in_no_container()
    {
        _runtimes!.ListInDocker("etcd", (Applications, _application!.Id));
        Assert.Equal(
            _etcd!.Members[0].Id,
            (await StatusAsync(Request with { EtcdctlPath = _etcd.Binaries.Etcdctl })).MemberId
        );
        Assert.DoesNotContain(_runtimes.Commands, c => c.Contains(" exec ", StringComparison.Ordinal));
    }

    private async Task<EtcdMemberStatus> StatusAsync(SshConnectRequest request)
    {
        EtcdConnection connection = await RealCluster.ConnectAsync(request);
        await using IEtcdCluster cluster = connection.Cluster;
        var recorder = new RunRecorder();
        await cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Cancellation);
        output.WriteLine(recorder.Story);
        return recorder.Rows<EtcdMemberStatus>().Single();
    }

    private async Task<Process> StartApplicationAsync()
    {
        int port = new Uri(_etcd!.ClientUrls[0]).Port;
        string log = _folder!.Combine("log");
        var start = new ProcessStartInfo(
            "unshare",
            [
                "-rn",
                _etcd.Binaries.Etcd,
                "--name=app",
                $"--data-dir={_folder.Combine("data")}",
                "--logger=zap",
                $"--log-outputs={log}",
                $"--listen-client-urls=http://0.0.0.0:{port}",
                $"--advertise-client-urls=http://127.0.0.1:{port}",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        _folder.Remember(ProcessMark.Of(process.Id));
        await Poll.UntilAsync(
            () =>
                process.HasExited
                || (File.Exists(log) && File.ReadAllText(log).Contains("serving", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30),
            "etcd is ready or has ended",
            Cancellation
        );
        Assert.SkipWhen(process.HasExited, "unshare cannot make a network namespace here");
        return process;
    }
}
