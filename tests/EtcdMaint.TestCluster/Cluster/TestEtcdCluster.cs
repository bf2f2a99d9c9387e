using System.Text.Json;

namespace EtcdMaint.TestCluster;

/// <summary>
/// A temporary cluster of real etcd servers on loopback. Disposing it stops the servers and removes their data.
/// </summary>
public sealed class TestEtcdCluster : IAsyncDisposable
{
    private const int StartAttempts = 4;
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(60);

    private readonly List<ClusterMember> _members = [];
    private readonly string? _goodServerCertificate;
    private readonly string? _goodServerKey;

    private TestEtcdCluster(ClusterOptions options, EtcdBinaries binaries)
    {
        Options = options;
        Binaries = binaries;
        Folder = ThrowAwayFolder.Create("cluster");
        Token = Path.GetFileName(Folder.FullPath);
        if (options.Tls != TlsMode.None)
        {
            Certificates = new ClusterCertificates(Folder.Combine("tls"), options.ClientCommonName);
            _goodServerCertificate = Certificates.Server.CertificatePem;
            _goodServerKey = Certificates.Server.KeyPem;
        }
        Gateway = new Gateway(Certificates);
        KeyValues = new KeyValues(this);
        Loader = new Loader(this);
    }

    public ClusterOptions Options { get; }

    public EtcdBinaries Binaries { get; }

    public IReadOnlyList<ClusterMember> Members => _members;

    /// <summary>Null for a cluster without TLS.</summary>
    public ClusterCertificates? Certificates { get; }

    /// <summary>The first client URL of each member.</summary>
    public IReadOnlyList<string> ClientUrls => [.. _members.Select(member => member.ClientUrl)];

    /// <summary>The folder with all files of this cluster.</summary>
    public string FolderPath => Folder.FullPath;

    /// <summary>A script for sh that stops the cluster and removes <see cref="FolderPath"/>.</summary>
    public string RemoveScriptPath => Folder.RemoveScriptPath;

    public KeyValues KeyValues { get; }

    public Loader Loader { get; }

    /// <summary>
    /// The ETCDCTL_* variables with which etcdctl, and other programs that read them, reach all members.
    /// </summary>
    public IReadOnlyDictionary<string, string> ConnectionEnvironment => EtcdctlEnvironment.For(this);

    internal ThrowAwayFolder Folder { get; }

    /// <summary>The first running voter, which serves all requests.</summary>
    internal ClusterMember AnyVoter =>
        RunningVoters.FirstOrDefault() ?? throw new InvalidOperationException("No voting member is running.");

    internal IEnumerable<ClusterMember> RunningVoters =>
        _members.Where(member => member.State == MemberState.Running && !member.IsLearner);

    internal Gateway Gateway { get; }

    internal string Token { get; }

    /// <summary>Whether the first members have formed the cluster: later members join it.</summary>
    internal bool IsFormed { get; private set; }

    /// <summary>Starts a cluster; it is ready when all members answer and have a leader.</summary>
    /// <exception cref="MemberStartException">A member did not become ready.</exception>
    public static async Task<TestEtcdCluster> StartAsync(
        ClusterOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Test clusters need Linux or macOS.");
        options ??= new ClusterOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Members, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Members, 10);
        var binaries = options.Binaries ?? await EtcdReleases.DefaultAsync();

        for (var attempt = 1; ; attempt++)
        {
            var cluster = new TestEtcdCluster(options, binaries);
            try
            {
                await cluster.FormAsync(cancellation);
                return cluster;
            }
            catch (MemberStartException error) when (error.PortWasTaken && attempt < StartAttempts)
            {
                await cluster.DisposeAsync();
            }
            catch
            {
                await cluster.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>The leader, once all running members agree on it.</summary>
    public async Task<ClusterMember> LeaderAsync(CancellationToken cancellation = default)
    {
        ClusterMember? leader = null;
        await Poll.UntilAsync(
            async token => (leader = await ReadLeaderAsync(token)) is not null,
            TimeSpan.FromSeconds(15),
            "all running members agree on a leader",
            cancellation
        );
        return leader!;
    }

    /// <summary>
    /// Runs the etcdctl of the cluster's own release against all members, as root if auth is enabled; flags such as
    /// <c>--endpoints</c> and <c>--user</c> take precedence.
    /// </summary>
    public Task<CommandResult> EtcdctlAsync(params string[] arguments) =>
        EtcdctlAsync(arguments, CancellationToken.None);

    public Task<CommandResult> EtcdctlAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Command.RunAsync(
            Binaries.Etcdctl,
            arguments,
            CommandTimeout,
            environment: EtcdctlEnvironment.Without(ConnectionEnvironment, arguments),
            cancellation: cancellation
        );

    /// <summary>
    /// Runs <c>snapshot status</c> of the cluster's own release on a file. It fails if the file is not a complete
    /// snapshot.
    /// </summary>
    public Task<CommandResult> SnapshotStatusAsync(string path, params string[] options) =>
        Command.RunAsync(Binaries.SnapshotTool, ["snapshot", "status", path, .. options], CommandTimeout);

    /// <summary>The hash of the keys of each running voter at a revision; 0 is the newest revision of each.</summary>
    public async Task<IReadOnlyList<MemberHash>> HashKvAsync(
        long revision = 0,
        CancellationToken cancellation = default
    )
    {
        var hashes = new List<MemberHash>();
        foreach (var member in RunningVoters)
        {
            // After a linearizable read the member knows every earlier revision.
            await KeyValues.GetAsync("a", member, cancellation);
            // One call per member, which logs in at that member: other members learn about a token only a moment later.
            var result = await EtcdctlAsync(
                ["endpoint", "hashkv", "--endpoints", member.ClientUrl, "--rev", $"{revision}", "--write-out", "json"],
                cancellation
            );
            hashes.Add(MemberHash.Parse(member, result.OutputOrThrow()));
        }
        return hashes;
    }

    /// <summary>Adds a learner, and starts it.</summary>
    public async Task<ClusterMember> AddLearnerAsync(CancellationToken cancellation = default)
    {
        var learner = await AddAsync(asLearner: true, cancellation);
        await learner.StartAsync(cancellation);
        return learner;
    }

    /// <summary>Adds a learner and starts it, but does not wait for it.</summary>
    /// <param name="reachedAt">Converts the peer URL on which it listens to the URL at which the other members reach
    /// it.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<ClusterMember> LaunchLearnerAsync(
        Func<string, string> reachedAt,
        CancellationToken cancellation = default
    )
    {
        var learner = await AddAsync(asLearner: true, cancellation, reachedAt);
        learner.Launch();
        return learner;
    }

    /// <summary>
    /// Adds a voting member that is not running: the member list shows it without a name and without client URLs.
    /// </summary>
    /// <remarks>In a cluster of one member this causes the loss of the quorum.</remarks>
    public Task<ClusterMember> AddUnstartedMemberAsync(CancellationToken cancellation = default) =>
        AddAsync(asLearner: false, cancellation);

    /// <summary>Removes a member from the cluster. Its process ends by itself, or is killed.</summary>
    public async Task RemoveMemberAsync(ClusterMember member, CancellationToken cancellation = default)
    {
        var removed = await EtcdctlAsync(["member", "remove", member.Id], cancellation);
        removed.OutputOrThrow();
        _members.Remove(member);
        await member.EndAsync(cancellation);
    }

    /// <summary>
    /// Makes all members present another certificate from the next connection on, without a restart; null restores the
    /// valid one.
    /// </summary>
    /// <remarks>
    /// A restarted member that presents an expired certificate does not become ready with <see cref="TlsMode.Mutual"/>.
    /// </remarks>
    public void PresentServerCertificate(CertificateFiles? files)
    {
        var certificates = Certificates ?? throw new InvalidOperationException("This cluster has no TLS.");
        File.WriteAllText(certificates.Server.Certificate, files?.CertificatePem ?? _goodServerCertificate);
        File.WriteAllText(certificates.Server.Key, files?.KeyPem ?? _goodServerKey);
    }

    /// <summary>Keeps the cluster running when this process ends; <see cref="RemoveScriptPath"/> removes it.</summary>
    public void Keep() => Folder.Leave();

    public async ValueTask DisposeAsync()
    {
        Gateway.Dispose();
        Certificates?.Dispose();
        await Folder.DisposeAsync();
    }

    private async Task FormAsync(CancellationToken cancellation)
    {
        for (var number = 1; number <= Options.Members; number++)
            _members.Add(new ClusterMember(this, $"{Options.NamePrefix}{number}", MemberAddresses.Take(Options)));

        _members.ForEach(member => member.Launch());
        await Task.WhenAll(_members.Select(member => member.WaitUntilReadyAsync(Options.StartTimeout, cancellation)));
        IsFormed = true;
        await RememberLocksAsync(cancellation);

        if (Options.Auth)
            await AuthSetup.TurnOnAsync(Gateway, _members[0], cancellation);
    }

    /// <summary>
    /// The lock files of a cluster outlive every run, but are not needed after a temporary cluster has been removed.
    /// </summary>
    private async Task RememberLocksAsync(CancellationToken cancellation)
    {
        JsonElement status = await Gateway.StatusAsync(_members[0], cancellation);
        string id = MemberId.Of(status.GetProperty("header").GetProperty("cluster_id"));
        Folder.RememberFile($"/tmp/etcdmaint-{id}.lock");
    }

    private async Task<ClusterMember> AddAsync(
        bool asLearner,
        CancellationToken cancellation,
        Func<string, string>? reachedAt = null
    )
    {
        var name =
            $"{Options.NamePrefix}{1 + _members.Max(member => int.Parse(member.Name[Options.NamePrefix.Length..]))}";
        var addresses = MemberAddresses.Take(Options);
        if (reachedAt is not null)
            addresses = addresses with { AdvertisedPeerUrl = reachedAt(addresses.PeerUrl) };
        var member = new ClusterMember(this, name, addresses) { IsLearner = asLearner };
        string[] kind = asLearner ? ["--learner"] : [];
        var added = await EtcdctlAsync(
            ["member", "add", name, "--peer-urls", member.PeerUrl, "--write-out", "json", .. kind],
            cancellation
        );

        using var json = JsonDocument.Parse(added.OutputOrThrow());
        member.Id = MemberId.Of(json.RootElement.GetProperty("member").GetProperty("ID"));
        _members.Add(member);
        return member;
    }

    private async Task<ClusterMember?> ReadLeaderAsync(CancellationToken cancellation)
    {
        var running = _members.Where(member => member.State == MemberState.Running).ToList();
        try
        {
            var answers = await Task.WhenAll(running.Select(member => Gateway.StatusAsync(member, cancellation)));
            var leaders = answers
                .Select(status => status.TryGetProperty("leader", out var leader) ? MemberId.Of(leader) : "0")
                .Distinct()
                .ToList();
            // For a second after its end, followers still report the old leader.
            return leaders.Count == 1 ? running.Find(member => member.Id == leaders[0]) : null;
        }
        catch (Exception error) when (Gateway.IsTransient(error, cancellation))
        {
            return null;
        }
    }
}
