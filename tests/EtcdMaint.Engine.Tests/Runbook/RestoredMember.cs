using System.Net;
using System.Net.Sockets;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>A cluster of one member that etcd's own tool restored from a snapshot.</summary>
internal sealed class RestoredMember : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-restored-").FullName;
    private readonly EtcdBinaries _binaries;
    private readonly string _url = $"http://127.0.0.1:{FreePort()}";
    private readonly CancellationTokenSource _over = new();
    private Task? _server;

    private RestoredMember(EtcdBinaries binaries) => _binaries = binaries;

    public static async Task<RestoredMember> StartAsync(
        EtcdBinaries binaries,
        string snapshot,
        CancellationToken cancellation
    )
    {
        var member = new RestoredMember(binaries);
        try
        {
            await member.RestoreAsync(snapshot, cancellation);
            return member;
        }
        catch
        {
            await member.DisposeAsync();
            throw;
        }
    }

    public async Task<string> GetAsync(string key, CancellationToken cancellation) =>
        (await EtcdctlAsync(cancellation, "get", key, "--print-value-only")).OutputOrThrow().Trim();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        if (_server is not null)
            await _server.ContinueWith(_ => { }, TaskScheduler.Default);
        _over.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RestoreAsync(string snapshot, CancellationToken cancellation)
    {
        string data = Path.Combine(_folder, "data");
        string peer = $"http://127.0.0.1:{FreePort()}";
        string[] who =
        [
            "--name",
            "restored",
            "--initial-cluster",
            $"restored={peer}",
            "--initial-advertise-peer-urls",
            peer,
            "--data-dir",
            data,
        ];
        CommandResult restored = await Command.RunAsync(
            _binaries.SnapshotTool,
            ["snapshot", "restore", snapshot, .. who],
            Limit,
            cancellation: cancellation
        );
        restored.OutputOrThrow();

        string[] where =
        [
            "--name",
            "restored",
            "--data-dir",
            data,
            "--listen-client-urls",
            _url,
            "--advertise-client-urls",
            _url,
            "--listen-peer-urls",
            peer,
        ];
        _server = Command.RunAsync(_binaries.Etcd, where, TimeSpan.FromMinutes(5), cancellation: _over.Token);
        await Poll.UntilAsync(
            async token => (await EtcdctlAsync(token, "get", "a")).Succeeded,
            Limit,
            "the restored member answers",
            cancellation
        );
        // The alarm was armed when the snapshot was taken, and is part of it.
        (await EtcdctlAsync(cancellation, "alarm", "disarm")).OutputOrThrow();
    }

    private Task<CommandResult> EtcdctlAsync(CancellationToken cancellation, params string[] arguments) =>
        Command.RunAsync(_binaries.Etcdctl, ["--endpoints", _url, .. arguments], Limit, cancellation: cancellation);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
