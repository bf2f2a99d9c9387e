using System.Diagnostics;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// A cluster with continuous writes, a run on it that encounters a fault, and the verification of what must hold with
/// any fault: two members never defragment at once, no acknowledged write is lost, all members have the same data, each
/// given member has one row, the run ends in bounded time, and a second run completes.
/// </summary>
internal sealed class FaultScenario : IAsyncDisposable
{
    private const int ValueBytes = 2000;

    /// <summary>
    /// A defragmentation performs about one disk write for every two values, and each takes longer than its delay.
    /// </summary>
    private const int WritesOfDefrag = LiveBytes / ValueBytes * 2 / 3;

    private const int LiveBytes = 2_000_000;

    private const int DeadBytes = 6_000_000;

    private static readonly HttpClient Http = new();

    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan EventTimeout = TimeSpan.FromSeconds(30);

    private readonly List<SlowDisk> _slowDisks = [];
    private readonly List<NetworkProxy> _proxies;
    private readonly List<WriteRecorder> _writers = [];
    private readonly EndpointConnectRequest _request;

    private FaultScenario(
        RealCluster real,
        EndpointConnectRequest request,
        List<NetworkProxy> proxies,
        IReadOnlyList<MemberTarget> targets
    )
    {
        Real = real;
        _request = request;
        _proxies = proxies;
        Targets = targets;
    }

    public RealCluster Real { get; private set; }

    public TestEtcdCluster Etcd => Real.Etcd;

    /// <summary>All members, as they were before the fault.</summary>
    public IReadOnlyList<MemberTarget> Targets { get; }

    /// <summary>How long the last run took.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The longest duration of a run before it counts as never ending.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs a scenario on a new cluster in which each member has free bytes.</summary>
    /// <param name="release">The release of etcd.</param>
    /// <param name="story">The faults and the expectations.</param>
    /// <param name="with">Changes to a plain cluster of three members.</param>
    /// <param name="behindProxies">Whether the engine reaches each member only through a separate proxy.</param>
    public static async Task HoldAsync(
        string release,
        Func<FaultScenario, Task> story,
        Func<ClusterOptions, ClusterOptions>? with = null,
        bool behindProxies = false
    )
    {
        var options = new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) };
        TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(with?.Invoke(options) ?? options, Cancellation);
        List<NetworkProxy> proxies = behindProxies ? [.. etcd.Members.Select(NetworkProxy.Start)] : [];
        EndpointConnectRequest request = RealCluster.RequestFor(etcd);
        if (behindProxies)
            request = request with { Endpoint = [.. proxies.Select(p => p.Url)], NoDiscovery = true };
        RealCluster real = await RealCluster.ConnectAsync(etcd, request);
        try
        {
            await etcd.Loader.LoadAsync(LiveBytes, DeadBytes, ValueBytes, cancellation: Cancellation);
            await real.CompactAsync();
            await using var scenario = new FaultScenario(real, request, proxies, await real.TargetsAsync());
            scenario._writers.Add(WriteRecorder.Start(etcd, timeout: WriteTimeout));
            await story(scenario);
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', EtcdLogs.Defragmentations(etcd)));
            TestContext.Current.TestOutputHelper?.WriteLine(real.Logs());
            throw;
        }
        finally
        {
            await real.DisposeAsync();
        }
    }

    public ClusterMember Member(string name) => Etcd.Members.Single(m => m.Name == name);

    public NetworkProxy Proxy(ClusterMember member) => _proxies[Etcd.Members.ToList().IndexOf(member)];

    /// <summary>
    /// Opens a new connection that all further runs use, with another client certificate if one is given.
    /// </summary>
    public async Task ReconnectAsync(CertificateFiles? client = null)
    {
        await Real.Cluster.DisposeAsync();
        Real = await RealCluster.ConnectAsync(
            Etcd,
            client is null
                ? _request
                : _request with
                {
                    Tls = _request.Tls with
                    {
                        ClientCertificate = CertificateSource.FromFile(client.Certificate),
                        ClientKey = CertificateSource.FromFile(client.Key),
                    },
                }
        );
    }

    /// <summary>The followers, in the order in which a run processes them.</summary>
    public async Task<ClusterMember[]> FollowersAsync()
    {
        string leader = (await Etcd.LeaderAsync(Cancellation)).Id;
        return
        [
            .. (await Real.StatusAsync())
                .Where(s => s.MemberId != leader && s.IsLearner is false)
                .OrderByDescending(s => s.FreeBytes)
                .ThenBy(s => s.MemberId.Length)
                .ThenBy(s => s.MemberId, StringComparer.Ordinal)
                .Select(s => Member(s.MemberName)),
        ];
    }

    /// <summary>Adds writers, so that the cluster is busy during the whole test.</summary>
    public void WriteHeavily(int writers)
    {
        for (int i = 0; i < writers; i++)
            _writers.Add(WriteRecorder.Start(Etcd, pause: TimeSpan.Zero, timeout: WriteTimeout));
    }

    public Task ArmAsync(ClusterMember member, EtcdAlarmType type) =>
        Etcd.Gateway.PostAsync(
            Etcd.Members.First(m => m.State is MemberState.Running),
            "maintenance/alarm",
            new
            {
                action = "ACTIVATE",
                memberID = MemberId.ToDecimal(member.Id),
                alarm = type is EtcdAlarmType.Corrupt ? "CORRUPT" : "NOSPACE",
            },
            Cancellation
        );

    public async Task DisarmAsync() => (await Etcd.EtcdctlAsync("alarm", "disarm")).OutputOrThrow();

    /// <summary>Stops the writers; from now on only explicit writes of the test occur.</summary>
    public async Task WriteNoMoreAsync()
    {
        foreach (WriteRecorder writer in _writers)
            Assert.Empty((await writer.StopAsync(Cancellation)).Lost);
        _writers.Clear();
    }

    /// <summary>Makes a defragmentation of the member take about this long, until <see cref="SpeedUpAsync"/>.</summary>
    public async Task SlowAsync(ClusterMember member, double seconds)
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        _slowDisks.Add(
            await SlowDisk.AttachAsync(member, TimeSpan.FromSeconds(seconds / WritesOfDefrag), Cancellation)
        );
    }

    public async Task SpeedUpAsync()
    {
        foreach (SlowDisk disk in _slowDisks)
            await disk.DisposeAsync();
        _slowDisks.Clear();
    }

    /// <summary>Waits until the member has started a defragmentation that has not ended.</summary>
    public Task BegunAsync(ClusterMember member) =>
        Poll.UntilAsync(
            () => EtcdLogs.Defragmentations(Etcd).Any(d => d.Member == member.Name && d.Ended is null),
            EventTimeout,
            $"{member.Name} has started to defragment",
            Cancellation
        );

    /// <summary>Waits until the member has ended a defragmentation.</summary>
    public Task EndedAsync(ClusterMember member) =>
        Poll.UntilAsync(
            () => EtcdLogs.Defragmentations(Etcd).Any(d => d.Member == member.Name && d.Ended is not null),
            EventTimeout,
            $"{member.Name} has defragmented",
            Cancellation
        );

    /// <summary>
    /// Waits until the member has answered a Defragment call; its log reports the end slightly earlier.
    /// </summary>
    public Task AnsweredAsync(ClusterMember member)
    {
        const string answered =
            """grpc_server_handled_total{grpc_code="OK",grpc_method="Defragment",grpc_service="etcdserverpb.Maintenance",grpc_type="unary"} 1""";
        return Poll.UntilAsync(
            async token => (await Http.GetStringAsync($"{member.ClientUrl}/metrics", token)).Contains(answered),
            EventTimeout,
            $"{member.Name} has answered",
            Cancellation
        );
    }

    /// <summary>Defragments all members; at the turn of one member, a fault occurs.</summary>
    /// <param name="with">Changes to a plain request.</param>
    /// <param name="turn">The turn at which the fault occurs; the first turn is 1.</param>
    /// <param name="before">Runs just before the member's defragmentation, which waits for it.</param>
    /// <param name="meanwhile">Runs from then on, in parallel to the defragmentation.</param>
    /// <param name="stop">Ctrl+C.</param>
    /// <param name="mayMiss">Whether that turn is allowed never to occur.</param>
    /// <param name="onTold">Called with each line of the verbose output.</param>
    public async Task<RunRecorder> RunAsync(
        Func<DefragRequest, DefragRequest>? with = null,
        int turn = 1,
        Func<ClusterMember, Task>? before = null,
        Func<ClusterMember, Task>? meanwhile = null,
        CancellationToken stop = default,
        bool mayMiss = false,
        Action<string>? onTold = null
    )
    {
        int turns = 0;
        Task fault = Task.CompletedTask;
        var recorder = new RunRecorder
        {
            OnTold = onTold ?? (_ => { }),
            OnAsked = async target =>
            {
                if (++turns != turn)
                    return;
                ClusterMember member = Member(target.Split(' ')[0]);
                if (before is not null)
                    await before(member);
                if (meanwhile is not null)
                    fault = Task.Run(() => meanwhile(member), Cancellation);
            },
        };
        var request = new DefragRequest
        {
            Targets = Targets,
            CallTimeout = RealCluster.Timeout,
            StopTimeout = TimeSpan.FromMinutes(5),
            Override = RealCluster.UnseenDisk,
        };
        var watch = Stopwatch.StartNew();
        try
        {
            await Real
                .Cluster.DefragmentAsync(with?.Invoke(request) ?? request, recorder, stop)
                .WaitAsync(Longest, Cancellation);
            Took = watch.Elapsed;
            await fault.WaitAsync(Longest, Cancellation);
            Assert.True(turns >= turn || mayMiss || (before is null && meanwhile is null), $"Turn {turn} never came.");
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"Run of {watch.Elapsed.TotalSeconds:0.0} s:\n{recorder.Story}\n"
            );
        }
        return recorder;
    }

    /// <summary>Repairs everything that was broken.</summary>
    public async Task HealAsync()
    {
        await SpeedUpAsync();
        foreach (NetworkProxy proxy in _proxies)
            proxy.Heal();
        foreach (ClusterMember member in Etcd.Members)
        {
            if (member.State is MemberState.Paused)
                member.Resume();
            if (member.State is MemberState.Ended)
                member.Launch();
        }
        foreach (ClusterMember member in Etcd.Members)
            await member.WaitUntilReadyAsync(EventTimeout, Cancellation);
    }

    /// <summary>
    /// A run with an unknown outcome leaves its lock to expire; an operator who has checked the member deletes it.
    /// </summary>
    public Task ForgetLockAsync() => Etcd.KeyValues.DeleteAsync("etcdmaint/lock", Cancellation);

    /// <summary>Repairs the cluster, and verifies what must hold after every run with any fault.</summary>
    /// <param name="run">The run that encountered the fault.</param>
    /// <param name="second">Changes to the request of the run that follows.</param>
    /// <param name="byHand">The member that another client defragmented first, at a time of its own choice.</param>
    public async Task ProveAsync(
        RunRecorder run,
        Func<DefragRequest, DefragRequest>? second = null,
        ClusterMember? byHand = null
    )
    {
        AssertOneRowEach(run);
        await HealAsync();

        await ForgetLockAsync();
        RunRecorder again = await RunAsync(second);
        Assert.Empty(again.Errors);
        AssertOneRowEach(again);
        Assert.All(
            again.Rows<EtcdDefragResult>(),
            row =>
                Assert.True(
                    row.Status is EtcdDefragStatus.Defragmented or EtcdDefragStatus.Skipped,
                    $"{row}: {row.Reason}"
                )
        );

        foreach (WriteRecorder writer in _writers)
        {
            WriteReport report = await writer.StopAsync(Cancellation);
            Assert.Empty(report.Lost);
            Assert.True(report.Acknowledged > 0, "Nothing was written.");
        }
        await AssertAlikeAsync();
        AssertNeverTwoOut(byHand);
    }

    /// <summary>According to the members' own logs, no two of them were defragmenting at one time.</summary>
    public void AssertNeverTwoOut(ClusterMember? byHand = null)
    {
        List<Defragmentation> logged = [.. EtcdLogs.Defragmentations(Etcd)];
        if (byHand is not null)
            logged.Remove(logged.First(d => d.Member == byHand.Name));
        Assert.DoesNotContain(EtcdLogs.Overlaps(logged), pair => pair.First.Member != pair.Second.Member);
    }

    public static EtcdDefragResult RowOf(RunRecorder run, ClusterMember member) =>
        run.Rows<EtcdDefragResult>().Single(r => r.MemberId == member.Id);

    public async ValueTask DisposeAsync()
    {
        foreach (WriteRecorder writer in _writers)
            await writer.DisposeAsync();
        await SpeedUpAsync();
        await Real.Cluster.DisposeAsync();
        foreach (NetworkProxy proxy in _proxies)
            await proxy.DisposeAsync();
    }

    public void AssertOneRowEach(RunRecorder run) =>
        Assert.Equal(
            Targets.Select(t => t.Member.MemberId).Order(),
            run.Rows<EtcdDefragResult>().Select(r => r.MemberId).Order()
        );

    private async Task AssertAlikeAsync()
    {
        long revision = await Etcd.KeyValues.RevisionAsync(Cancellation);
        IReadOnlyList<MemberHash> hashes = await Etcd.HashKvAsync(revision, Cancellation);
        Assert.Single(hashes.Select(h => (h.Hash, h.CompactRevision)).Distinct());
    }
}
