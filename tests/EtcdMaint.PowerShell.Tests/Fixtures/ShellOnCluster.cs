using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Fixtures;

/// <summary>The built module in a hosted PowerShell, connected to a cluster of real etcd.</summary>
internal sealed class ShellOnCluster : IAsyncDisposable
{
    private ShellOnCluster(TestEtcdCluster cluster) => Cluster = cluster;

    public TestEtcdCluster Cluster { get; }

    public Shell Shell { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ShellOnCluster> StartAsync(ClusterOptions options, string name = "real")
    {
        var started = new ShellOnCluster(await TestEtcdCluster.StartAsync(options, Cancellation));
        Outcome connected = started.Shell.Run(ConnectScript(started.Cluster, name));
        Assert.Empty(connected.ErrorText);
        return started;
    }

    public static string ConnectScript(TestEtcdCluster cluster, string name) =>
        cluster.Certificates is { } certificates
            ? $"Connect-EtcdCluster '{string.Join(',', cluster.ClientUrls)}' -CACertificate "
                + $"'{certificates.Ca}' -ClientCertificate '{certificates.Client.Certificate}' -ClientKey "
                + $"'{certificates.Client.Key}' -ClusterName {name}"
            : $"Connect-EtcdCluster '{string.Join(',', cluster.ClientUrls)}' -ClusterName {name}";

    /// <summary>History whose space a compaction and a defragmentation return.</summary>
    public Task AgeAsync() =>
        Cluster.Loader.LoadAsync(liveBytes: 1_000_000, deadBytes: 20_000_000, cancellation: Cancellation);

    public IReadOnlyList<string> Defragmented() => [.. EtcdLogs.Defragmentations(Cluster).Select(d => d.Member)];

    public async ValueTask DisposeAsync()
    {
        Shell.Run("Get-EtcdConnection | Disconnect-EtcdCluster");
        Shell.Dispose();
        await Cluster.DisposeAsync();
    }
}
