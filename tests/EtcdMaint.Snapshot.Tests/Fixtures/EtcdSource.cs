using System.Text.Json;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>A real cluster, and the snapshots of its first member.</summary>
internal sealed class EtcdSource : IAsyncDisposable
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-file-");
    private int _files;

    private EtcdSource(TestEtcdCluster etcd) => Etcd = etcd;

    public TestEtcdCluster Etcd { get; }

    public ClusterMember Member => Etcd.Members[0];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<EtcdSource> StartAsync(ClusterOptions options) =>
        new(await TestEtcdCluster.StartAsync(options, Cancellation));

    /// <summary>Runs etcdctl against the first member, and returns what it prints.</summary>
    public async Task<string> EtcdctlAsync(params string[] arguments) =>
        (await Etcd.EtcdctlAsync([.. arguments, $"--endpoints={Member.ClientUrl}"], Cancellation)).OutputOrThrow();

    /// <summary>Saves a snapshot with etcdctl.</summary>
    public async Task<SnapshotFile> SaveAsync()
    {
        string path = NextPath();
        await EtcdctlAsync("snapshot", "save", path);
        return SnapshotFile.Open(path);
    }

    /// <summary>Copies the database file. The copy of .NET would respect the lock that etcd holds.</summary>
    public async Task<SnapshotFile> CopyAsync()
    {
        string path = NextPath();
        (
            await Command.RunAsync("cp", [Member.DatabaseFile, path], CommandTimeout, cancellation: Cancellation)
        ).OutputOrThrow();
        return SnapshotFile.Open(path);
    }

    /// <summary>What the first member answers to HashKV.</summary>
    public async Task<MemberHash> HashAsync(long revision = 0) =>
        (await Etcd.HashKvAsync(revision, Cancellation)).Single(hash => hash.Member == Member);

    public async Task<ToolStatus> StatusAsync(SnapshotFile file)
    {
        using var json = JsonDocument.Parse((await Etcd.SnapshotStatusAsync(file.Path, "-w", "json")).OutputOrThrow());
        JsonElement root = json.RootElement;
        return new ToolStatus(
            root.GetProperty("hash").GetUInt32(),
            root.GetProperty("revision").GetInt64(),
            root.GetProperty("totalKey").GetInt64(),
            root.GetProperty("totalSize").GetInt64(),
            root.TryGetProperty("version", out JsonElement version) ? version.GetString() : null
        );
    }

    public async Task<string> ClusterIdAsync()
    {
        using var json = JsonDocument.Parse(await EtcdctlAsync("endpoint", "status", "-w", "json"));
        JsonElement header = json.RootElement[0].GetProperty("Status").GetProperty("header");
        return header.GetProperty("cluster_id").GetUInt64().ToString("x");
    }

    public async ValueTask DisposeAsync()
    {
        await Etcd.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string NextPath() => Path.Combine(_folder.FullName, $"{_files++}.db");
}

/// <summary>What <c>etcdutl snapshot status</c> prints.</summary>
internal sealed record ToolStatus(uint Hash, long Revision, long TotalKey, long TotalSize, string? Version);
