using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>
/// A node with a running etcd for all tests of a class, and stand-ins of container runtimes that each test gets anew.
/// </summary>
/// <remarks>Tests change only the programs on the node. It starts with the first test, which may be skipped.</remarks>
public sealed class ContainerNode : IAsyncDisposable
{
    private ThrowAwayFolder? _folder;
    private SshNodes? _nodes;
    private TestEtcdCluster? _etcd;

    internal SshNodes Nodes => _nodes!;

    internal TestEtcdCluster Etcd => _etcd!;

    /// <summary>Comes first in the PATH of every command on the node.</summary>
    internal string Programs => _folder!.Combine("bin");

    /// <summary>Removes all programs of the previous test.</summary>
    internal async Task<RuntimeStandIn> ResetAsync(CancellationToken cancellation)
    {
        _folder ??= ThrowAwayFolder.Create("runtimes");
        _nodes ??= await SshNodes.OrSkipAsync(1, new SshServerOptions { Path = $"{Programs}:/usr/bin:/bin" });
        _etcd ??= await TestEtcdCluster.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual }, cancellation);
        if (Directory.Exists(Programs))
            Directory.Delete(Programs, recursive: true);
        return new RuntimeStandIn(Programs, _etcd.Binaries.Etcdctl);
    }

    public async ValueTask DisposeAsync()
    {
        if (_etcd is not null)
            await _etcd.DisposeAsync();
        if (_nodes is not null)
            await _nodes.DisposeAsync();
        if (_folder is not null)
            await _folder.DisposeAsync();
    }
}
