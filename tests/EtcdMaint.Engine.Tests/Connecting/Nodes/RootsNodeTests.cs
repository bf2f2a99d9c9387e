using System.Diagnostics;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>A node as RKE2 sets it up: all settings of etcd are in a config file that only root can read.</summary>
[Trait("Kind", "Real")]
public sealed class RootsNodeTests : IAsyncLifetime
{
    private readonly int _port = LoopbackPorts.Take();
    private ThrowAwayFolder? _folder;
    private ClusterCertificates? _certificates;
    private EtcdBinaries? _binaries;
    private SshNodes? _nodes;
    private Process? _etcd;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    private string DataFolder => _folder!.Combine("data");

    public async ValueTask InitializeAsync()
    {
        _folder = ThrowAwayFolder.Create("roots");
        _certificates = new ClusterCertificates(_folder.Combine("tls"), "client");
        _binaries = await EtcdReleases.DefaultAsync();
        string programs = Directory.CreateDirectory(_folder.Combine("bin")).FullName;
        foreach (string program in new[] { "cat", "df" })
            AddProgram(
                program,
                $"case \"$*\" in */proc/*) [ -n \"$AS_ROOT\" ] || exit 1;; esac; exec /bin/{program} \"$@\""
            );
        AddProgram("sudo", "[ \"$1\" = -n ] || exit 64; shift; [ \"$1\" = -- ] && shift; AS_ROOT=1 exec \"$@\"");
        _nodes = await SshNodes.OrSkipAsync(1, new SshServerOptions { Path = $"{programs}:/usr/bin:/bin" });
        await StartEtcdAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_nodes is not null)
            await _nodes.DisposeAsync();
        if (_etcd is not null)
        {
            _etcd.Kill();
            _etcd.Dispose();
        }
        _certificates?.Dispose();
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Reads_address_certificates_and_disk_space_from_the_config_file()
    {
        await using var node = new SshCommandRunner(_nodes!.Connection());
        EtcdProcess? process = await EtcdProcessFinder.FindAsync(
            node,
            EtcdEndpoint.Parse($"https://127.0.0.1:{_port}", true),
            "here",
            Limit
        );
        Assert.Equal(_etcd!.Id, process!.Id);
        Assert.Equal($"https://127.0.0.1:{_port}", Assert.Single(process.Endpoints).ToString());
        Assert.Equal(
            (_certificates!.Server.Certificate, _certificates.Server.Key, _certificates.Ca, DataFolder),
            (process.ServerCertificate, process.ServerKey, process.Authority, process.DataFolder)
        );

        long expected = new DriveInfo(DataFolder).AvailableFreeSpace;
        var disk = new NodeDisk(node, process);
        Assert.InRange(await disk.ReadFreeBytesAsync(Limit) ?? 0, expected - 500_000_000, expected + 500_000_000);

        // Without sudo it is still visible that the path is on the same disk.
        File.Delete(_folder!.Combine("bin", "sudo"));
        Assert.InRange(await disk.ReadFreeBytesAsync(Limit) ?? 0, expected - 500_000_000, expected + 500_000_000);
    }

    [Fact]
    public async Task Connects_with_only_the_node_specified()
    {
        EtcdConnection connection = await RealCluster.ConnectAsync(
            new SshConnectRequest
            {
                SshHost = [SshNodes.Name(0)],
                SshConfigPath = _nodes!.ConfigFile,
                ClientUrl = [$"https://127.0.0.1:{_port}"],
                EtcdctlPath = _binaries!.Etcdctl,
                ClusterName = "test",
                CallTimeout = RealCluster.Timeout,
            }
        );
        await using IEtcdCluster cluster = connection.Cluster;
        var recorder = new RunRecorder();
        await cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Limit.Stop);
        Assert.True(Assert.Single(recorder.Rows<EtcdMemberStatus>()).IsReachable, recorder.Story);
    }

    private async Task StartEtcdAsync()
    {
        string config = _folder!.Combine("config");
        string peerUrl = $"https://127.0.0.1:{LoopbackPorts.Take()}";
        await File.WriteAllTextAsync(
            config,
            $"""
            name: node
            data-dir: {DataFolder}
            listen-client-urls: https://0.0.0.0:{_port}
            advertise-client-urls: https://127.0.0.1:{_port}
            listen-peer-urls: {peerUrl}
            initial-advertise-peer-urls: {peerUrl}
            initial-cluster: node={peerUrl}
            logger: zap
            log-outputs:
            - {_folder.Combine("log")}
            client-transport-security:
              cert-file: {_certificates!.Server.Certificate}
              client-cert-auth: true
              key-file: {_certificates.Server.Key}
              trusted-ca-file: {_certificates.Ca}
            peer-transport-security:
              cert-file: {_certificates.Peer.Certificate}
              key-file: {_certificates.Peer.Key}
              trusted-ca-file: {_certificates.Ca}
            """,
            Limit.Stop
        );
        var start = new ProcessStartInfo(_binaries!.Etcd)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Passed in a variable, to test that the variable is read as well as the file that it names.
        start.Environment["ETCD_CONFIG_FILE"] = config;
        _etcd = Process.Start(start)!;
        _folder.Remember(ProcessMark.Of(_etcd.Id));
        await Poll.UntilAsync(
            () => _etcd.HasExited ? throw new InvalidOperationException("etcd ended") : IsReady(),
            TimeSpan.FromSeconds(30),
            "etcd is ready",
            Limit.Stop
        );
    }

    private bool IsReady() =>
        File.Exists(_folder!.Combine("log"))
        && File.ReadAllText(_folder.Combine("log"))
            .Contains("ready to serve client requests", StringComparison.Ordinal);

    private void AddProgram(string name, string script)
    {
        string file = _folder!.Combine("bin", name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
