using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>
/// Two runs from two machines start together, or another tool starts a defragmentation at a random moment of a run.
/// According to the members' own logs, two members never defragment at the same time, or only if both started within
/// one round trip, which is reported. A short test run executes one round with some kinds of access; with
/// <c>ETCDMAINT_LONG=1</c> it executes 50 of each kind with every kind of access.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class SimultaneousRunFaultTests(ITestOutputHelper output)
{
    /// <summary>
    /// The time for one call to reach the member: over gRPC, or with an etcdctl that is started for it on a machine
    /// under load.
    /// </summary>
    private static readonly Dictionary<AccessPath, TimeSpan> RoundTrip = new()
    {
        [AccessPath.Endpoint] = TimeSpan.FromSeconds(0.5),
        [AccessPath.Exec] = TimeSpan.FromSeconds(3),
        [AccessPath.Ssh] = TimeSpan.FromSeconds(3),
    };

    public static TheoryData<AccessPath, bool> RunningStarts =>
        LongTests.AreWanted
            ? [.. Enum.GetValues<AccessPath>().SelectMany(w => new[] { (w, false), (w, true) })]
            : new()
            {
                { AccessPath.Endpoint, false },
                { AccessPath.Exec, true },
                { AccessPath.Ssh, false },
            };

    public static TheoryData<AccessPath> ForeignStarts =>
        LongTests.AreWanted ? [.. Enum.GetValues<AccessPath>()] : [AccessPath.Endpoint, AccessPath.Exec];

    private static int Rounds => LongTests.AreWanted ? 50 : 1;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(RunningStarts))]
    public async Task Two_runs_from_two_machines_never_defragment_two_members_at_once(
        AccessPath access,
        bool hasNoSpace
    )
    {
        await using Scene scene = await Scene.OpenAsync(access, hasNoSpace);
        await using Runner first = await scene.ConnectAsync();
        await using Runner second = await scene.ConnectAsync(machine: "second");
        for (int round = 1; round <= Rounds; round++)
        {
            int before = EtcdLogs.Defragmentations(scene.Etcd).Count;
            RunRecorder[] runs = await Task.WhenAll(first.DefragmentAsync(), second.DefragmentAsync());
            Defragmentation[] logged = [.. EtcdLogs.Defragmentations(scene.Etcd).Skip(before)];
            output.WriteLine(
                $"Round {round}:\n{string.Join("\n--\n", runs.Select(r => r.Story))}\n{string.Join('\n', logged)}\n"
            );

            Assert.DoesNotContain(EtcdLogs.Overlaps(logged), pair => pair.First.Member != pair.Second.Member);
            Assert.All(
                runs.SelectMany(r => r.Errors),
                e => Assert.True(e.ErrorId is "LockTaken" or "LockLost", e.ToString())
            );
            Assert.True(
                logged.Length > 0 || runs.All(r => r.Errors.Count > 0),
                "Neither run did anything or reported a reason."
            );
        }
    }

    [Theory]
    [MemberData(nameof(ForeignStarts))]
    public async Task Another_tool_overlaps_only_within_one_round_trip_and_is_reported(AccessPath access)
    {
        await using Scene scene = await Scene.OpenAsync(access, hasNoSpace: false);
        await using Runner runner = await scene.ConnectAsync();
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int round = 1; round <= Rounds * 2; round++)
        {
            int before = EtcdLogs.Defragmentations(scene.Etcd).Count;
            ClusterMember other = scene.Etcd.Members[random.Next(3)];
            Task<CommandResult> foreign = StartLaterAsync(
                scene.Etcd,
                other,
                TimeSpan.FromSeconds(random.NextDouble() * 3)
            );
            RunRecorder run = await runner.DefragmentAsync();
            (await foreign).OutputOrThrow();
            Defragmentation[] logged = [.. EtcdLogs.Defragmentations(scene.Etcd).Skip(before)];
            output.WriteLine(
                $"Seed {seed}, round {round}, etcdctl on {other.Name}:\n{run.Story}\n{string.Join('\n', logged)}\n"
            );

            Defragmentation theirs = logged.Where(d => d.Member == other.Name).Except(Ours(run, logged)).Single();
            foreach (
                Defragmentation ours in logged.Where(d =>
                    d != theirs && d.Member != theirs.Member && d.Overlaps(theirs)
                )
            )
            {
                Assert.True(ours.Started - theirs.Started <= RoundTrip[access], $"{ours} started after {theirs}");
                Assert.Contains(run.Warnings, w => w.StartsWith("DefragOverlap"));
            }
        }
    }

    /// <summary>The defragmentations that the run's own rows account for.</summary>
    private static IEnumerable<Defragmentation> Ours(RunRecorder run, Defragmentation[] logged) =>
        run.Rows<EtcdDefragResult>()
            .Where(r => r.StartedAt is not null)
            .Select(r =>
                logged.Where(d => d.Member == r.MemberName).MinBy(d => (d.Started - r.StartedAt!.Value).Duration())!
            );

    private static async Task<CommandResult> StartLaterAsync(TestEtcdCluster etcd, ClusterMember member, TimeSpan delay)
    {
        await Task.Delay(delay, Cancellation);
        return await etcd.EtcdctlAsync(
            ["defrag", "--endpoints", member.ClientUrl, "--command-timeout", "60s"],
            Cancellation
        );
    }

    public enum AccessPath
    {
        Endpoint,
        Exec,
        Ssh,
    }

    /// <summary>
    /// A cluster with enough data that each defragmentation takes a noticeable time, and an access to it.
    /// </summary>
    private sealed class Scene(
        TestEtcdCluster etcd,
        Func<Task<EtcdConnection>> connect,
        params IAsyncDisposable[] parts
    ) : IAsyncDisposable
    {
        private const long Quota = 96L << 20;

        public TestEtcdCluster Etcd { get; } = etcd;

        public static async Task<Scene> OpenAsync(AccessPath access, bool hasNoSpace)
        {
            // As kubeadm starts its members. Without metrics, a short overlap that frees nothing cannot be detected.
            var options = new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                MetricsApart = true,
                QuotaBytes = hasNoSpace ? Quota : null,
            };
            Scene scene = access switch
            {
                AccessPath.Endpoint => await OverEndpointsAsync(options),
                AccessPath.Exec => await OverExecAsync(options),
                _ => await OverSshAsync(options),
            };
            try
            {
                if (hasNoSpace)
                    await scene.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
                else
                    await scene.Etcd.Loader.LoadAsync(
                        liveBytes: 60_000_000,
                        deadBytes: 0,
                        valueBytes: 500,
                        cancellation: Cancellation
                    );
                return scene;
            }
            catch
            {
                await scene.DisposeAsync();
                throw;
            }
        }

        /// <param name="machine">Another machine has its own lock folder, just as a cluster with another ID has its own
        /// lock file.</param>
        public async Task<Runner> ConnectAsync(string? machine = null) => new(await connect(), machine);

        public async ValueTask DisposeAsync()
        {
            foreach (IAsyncDisposable part in parts)
                await part.DisposeAsync();
        }

        private static async Task<Scene> OverEndpointsAsync(ClusterOptions options)
        {
            TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(options, Cancellation);
            return new Scene(etcd, () => RealCluster.ConnectAsync(RealCluster.RequestFor(etcd)), etcd);
        }

        private static async Task<Scene> OverExecAsync(ClusterOptions options)
        {
            ControlPlane plane = await ControlPlane.StartAsync(options);
            return new Scene(plane.Etcd, async () => (await plane.ConnectAsync(EtcdPodAccess.Exec)).Connection, plane);
        }

        private static async Task<Scene> OverSshAsync(ClusterOptions options)
        {
            SshNodes nodes = await SshNodes.OrSkipAsync(3);
            TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(options, Cancellation);
            return new Scene(etcd, () => RealCluster.ConnectAsync(nodes.Request(etcd)), etcd, nodes);
        }
    }

    /// <summary>One of the machines from which runs start.</summary>
    private sealed class Runner(EtcdConnection connection, string? machine) : IAsyncDisposable
    {
        public async Task<RunRecorder> DefragmentAsync()
        {
            var recorder = new RunRecorder();
            IReadOnlyList<EtcdMember> members = await connection.Cluster.GetMembersAsync(
                RealCluster.Timeout,
                recorder,
                Cancellation
            );
            var request = new DefragRequest
            {
                Targets = [.. members.Select(m => new MemberTarget(OnThisMachine(m)))],
                CallTimeout = RealCluster.Timeout,
                StopTimeout = TimeSpan.FromMinutes(5),
                When = _ => Task.FromResult(true),
            };
            await connection.Cluster.DefragmentAsync(request, recorder, Cancellation);
            return recorder;
        }

        public ValueTask DisposeAsync() => connection.Cluster.DisposeAsync();

        private EtcdMember OnThisMachine(EtcdMember member) =>
            machine is null
                ? member
                : new EtcdMember
                {
                    ClusterName = member.ClusterName,
                    ClusterId = $"{member.ClusterId}-{machine}",
                    MemberId = member.MemberId,
                    MemberName = member.MemberName,
                    IsLearner = member.IsLearner,
                    Endpoint = member.Endpoint,
                };
    }
}
