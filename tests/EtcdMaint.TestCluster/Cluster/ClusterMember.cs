namespace EtcdMaint.TestCluster;

/// <summary>A member of a temporary cluster: its addresses and its process.</summary>
public sealed class ClusterMember
{
    // After SIGTERM, etcd may wait up to 7 s for its clients, 7 s to transfer the leadership and 1 s for its peers,
    // before it closes its database (embed.Etcd.Close).
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan QuietDatabase = TimeSpan.FromSeconds(1);
    private const int LogTailLines = 20;

    private readonly TestEtcdCluster _cluster;
    private MemberProcess? _process;
    private bool _paused;

    internal ClusterMember(TestEtcdCluster cluster, string name, MemberAddresses addresses)
    {
        _cluster = cluster;
        Name = name;
        Addresses = addresses;
        LogFile = cluster.Folder.Combine($"{name}.log");
        Binaries = cluster.Binaries;
        DataFolder = cluster.Folder.Combine(cluster.Options.DataFolder(name) ?? name);
    }

    public string Name { get; }

    /// <summary>
    /// The member ID in hexadecimal digits as etcdctl prints it; empty until the member was seen in the cluster.
    /// </summary>
    public string Id { get; internal set; } = "";

    /// <summary>The URL on which it really listens, regardless of what it advertises.</summary>
    public string ClientUrl => Addresses.ClientUrls[0];

    public IReadOnlyList<string> ClientUrls => Addresses.ClientUrls;

    /// <summary>The URL at which other members reach it.</summary>
    public string PeerUrl => Addresses.AdvertisedPeerUrl;

    /// <summary>Null if metrics have no separate URL.</summary>
    public string? MetricsUrl => Addresses.MetricsUrl;

    public string LogFile { get; }

    /// <summary>The release that it runs, or that its next start uses.</summary>
    public EtcdBinaries Binaries { get; private set; }

    public string DataFolder { get; }

    public string DatabaseFile => Path.Combine(DataFolder, "member", "snap", "db");

    public int ProcessId => Running.Id;

    public bool IsLearner { get; internal init; }

    public MemberState State =>
        _process switch
        {
            null => MemberState.NotStarted,
            { HasExited: true } => MemberState.Ended,
            _ => _paused ? MemberState.Paused : MemberState.Running,
        };

    internal MemberAddresses Addresses { get; }

    internal ThrowAwayFolder Folder => _cluster.Folder;

    private MemberProcess Running =>
        State is MemberState.Running or MemberState.Paused
            ? _process!
            : throw new InvalidOperationException($"Member {Name} is not running.");

    public string ReadLog() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>Starts it and waits until it answers, has a leader and sees all running members by name.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        Launch();
        await WaitUntilReadyAsync(_cluster.Options.StartTimeout, cancellation);
    }

    /// <summary>
    /// Starts it without waiting: for a member that cannot become ready, such as one of two while the other is down.
    /// </summary>
    public void Launch()
    {
        if (State is MemberState.Running or MemberState.Paused)
            throw new InvalidOperationException($"Member {Name} runs already.");

        _process?.Dispose();
        _paused = false;
        _process = MemberProcess.Start(_cluster.Folder, Binaries.Etcd, MemberArguments.For(_cluster, this), LogFile);
    }

    public async Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellation = default)
    {
        try
        {
            await Poll.UntilAsync(
                async token => HasEnded ? throw EndedEarly() : await IsReadyAsync(token),
                timeout,
                $"member {Name} answers, has a leader and knows all running members",
                cancellation
            );
        }
        catch (TimeoutException error)
        {
            throw new MemberStartException($"{error.Message} {LogTail()}", portWasTaken: false, error);
        }
    }

    /// <summary>Stops it gracefully (SIGTERM).</summary>
    public Task StopAsync(CancellationToken cancellation = default)
    {
        Resume();
        ProcessSignal.Terminate(Running.Id);
        return WaitForExitAsync(cancellation);
    }

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync(CancellationToken cancellation = default)
    {
        ProcessSignal.Kill(Running.Id);
        return WaitForExitAsync(cancellation);
    }

    /// <summary>Kills it if it has not ended.</summary>
    internal async Task EndAsync(CancellationToken cancellation)
    {
        if (_process is not { HasExited: false } process)
            return;
        ProcessSignal.Kill(process.Id);
        await WaitForExitAsync(cancellation);
    }

    /// <summary>Freezes it (SIGSTOP) until <see cref="Resume"/>.</summary>
    public void Suspend()
    {
        ProcessSignal.Stop(Running.Id);
        _paused = true;
    }

    public void Resume()
    {
        ProcessSignal.Continue(Running.Id);
        _paused = false;
    }

    /// <summary>Stops it if it is running, starts it again and waits until it is ready.</summary>
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        if (State is MemberState.Running or MemberState.Paused)
            await StopAsync(cancellation);
        await StartAsync(cancellation);
    }

    /// <summary>Stops it, and starts it with another release on the same data.</summary>
    public async Task UpgradeAsync(EtcdBinaries binaries, CancellationToken cancellation = default)
    {
        await StopAsync(cancellation);
        Binaries = binaries;
        await StartAsync(cancellation);
    }

    /// <summary>
    /// Waits until all writes are in the database: the server commits every 100 ms, and the sizes change with it.
    /// </summary>
    public Task CommittedAsync(CancellationToken cancellation = default) =>
        Poll.UntilAsync(
            () => DateTime.UtcNow - File.GetLastWriteTimeUtc(DatabaseFile) > QuietDatabase,
            CommitTimeout,
            $"all writes are in the database of {Name}",
            cancellation
        );

    public override string ToString() => $"{Name} ({Id}) at {ClientUrl}";

    /// <summary>
    /// Each member publishes its name and client URLs after its start: until then a member list is incomplete.
    /// </summary>
    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        if (!await _cluster.Gateway.KnowsLeaderAsync(this, cancellation))
            return false;

        // A learner refuses to list members.
        var asked = IsLearner ? _cluster.AnyVoter : this;
        var published = await _cluster.Gateway.MemberNamesAsync(asked, cancellation);
        return _cluster
            .Members.Where(member => member.State == MemberState.Running)
            .All(member => published.Contains(member.Name));
    }

    private async Task WaitForExitAsync(CancellationToken cancellation)
    {
        try
        {
            await _process!.WaitForExitAsync(ExitTimeout, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"Member {Name}: {error.Message} {LogTail()}", error);
        }
    }

    private bool HasEnded => State is MemberState.Ended;

    private MemberStartException EndedEarly() =>
        new(
            $"Member {Name} ended with {_process!.ExitCode} before it was ready. {LogTail()}",
            ReadLog().Contains("address already in use", StringComparison.Ordinal)
        );

    private string LogTail() =>
        "Its log ends with:\n"
        + string.Join('\n', ReadLog().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LogTailLines));
}
