using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>A member without readable metrics restarts: the kubelet's restart count shows it.</summary>
[Trait("Kind", "Real")]
public sealed class PodRestartTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3.4")]
    [InlineData("3.5.30")]
    public async Task A_member_that_is_killed_during_its_defragmentation_is_reported_as_failed(string release)
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        await using ControlPlane plane = await StartAsync(release);
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await connection.CompactAsync();
        List<SlowDisk> disks = [];
        foreach (ClusterMember member in plane.Etcd.Members)
            disks.Add(await SlowDisk.AttachAsync(member, TimeSpan.FromMilliseconds(200), Cancellation));
        try
        {
            Task<RunRecorder> running = connection.DefragmentAsync();
            await Poll.UntilAsync(
                () => EtcdLogs.Defragmentations(plane.Etcd).Count == 1,
                TimeSpan.FromSeconds(30),
                "one began",
                Cancellation
            );
            ClusterMember first = plane.Etcd.Members.Single(m =>
                EtcdLogs.Defragmentations(plane.Etcd)[0].Member == m.Name
            );
            await first.KillAsync(Cancellation);
            await RestartAsync(plane, first);
            RunRecorder run = await running;
            output.WriteLine(run.Story);
            Assert.Equal("MemberRestarted", Assert.Single(run.Errors).ErrorId);
            EtcdDefragResult row = Assert.Single(
                run.Rows<EtcdDefragResult>(),
                r => r.Status is not EtcdDefragStatus.NotAttempted
            );
            Assert.Equal((first.Name, EtcdDefragStatus.Failed), (row.MemberName, row.Status));
        }
        finally
        {
            foreach (SlowDisk disk in disks)
                await disk.DisposeAsync();
        }
    }

    /// <summary>
    /// As by a probe that was blocked until the end: etcdctl has its answer, and then the member is killed.
    /// </summary>
    [Fact]
    public async Task A_member_that_is_killed_directly_after_its_defragmentation_is_reported_and_ends_the_run()
    {
        await using ControlPlane plane = await StartAsync("3.5.30");
        using EtcdctlGate gate = await EtcdctlGate.SetUpAsync(plane, "defrag");
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await connection.CompactAsync();
        Task<RunRecorder> running = connection.DefragmentAsync();
        ClusterMember first = await gate.ReachedAsync(Cancellation);
        await first.KillAsync(Cancellation);
        await RestartAsync(plane, first);
        gate.Open();
        RunRecorder run = await running;
        output.WriteLine(run.Story);
        Assert.Equal("MemberRestarted", Assert.Single(run.Errors).ErrorId);
        EtcdDefragResult row = Assert.Single(
            run.Rows<EtcdDefragResult>(),
            r => r.Status is not EtcdDefragStatus.NotAttempted
        );
        Assert.Equal((first.Name, EtcdDefragStatus.Defragmented), (row.MemberName, row.Status));
        Assert.Contains("restarted", row.Reason);
    }

    [Fact]
    public async Task Without_a_restart_every_member_is_defragmented_with_only_the_permission_to_list_pods()
    {
        await using ControlPlane plane = await StartAsync("3.5.30");
        plane.Api.Users[0] = plane.Api.Users[0] with
        {
            May = a => a.Resource == "pods/exec" || (a.Verb, a.Resource) == ("list", "pods"),
        };
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await connection.CompactAsync();
        RunRecorder run = await connection.DefragmentAsync();
        Assert.Empty(run.Errors);
        Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
    }

    [Theory]
    [InlineData("the same", false)]
    [InlineData("another container", true)]
    [InlineData("another pod", true)]
    [InlineData("a new object for the same container", false)]
    [InlineData("an older container", false)]
    [InlineData("a count without IDs", true)]
    [InlineData("a start without IDs", true)]
    [InlineData("a count that begins again", false)]
    public void A_new_process_is_recognized_by_the_container_ID_or_else_by_restart_count_and_start_time(
        string change,
        bool isAnother
    )
    {
        ProcessRun before = Read(
            """{"name":"etcd","restartCount":2,"containerID":"c://1","state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}}}""",
            "a"
        )!;
        ProcessRun now = change switch
        {
            "another container" => before with { Id = "c://2", Restarts = 3 },
            "another pod" => before with { Place = "b", Id = "c://2", Restarts = 0 },
            "a new object for the same container" => before with { Place = "b" },
            "an older container" => before with
            {
                Id = "c://0",
                Restarts = 1,
                StartedAt = before.StartedAt!.Value.AddHours(-1),
            },
            "a count without IDs" => before with { Id = null, Restarts = 3 },
            "a start without IDs" => before with { Id = null, StartedAt = before.StartedAt!.Value.AddSeconds(1) },
            "a count that begins again" => before with { Id = null, Restarts = 0 },
            _ => before,
        };
        Assert.Equal(isAnother, now.IsAnotherThan(before));
        Assert.Null(Read("""{"name":"other","restartCount":0}""", "a"));
    }

    private static ProcessRun? Read(string status, string uid) =>
        PodRun.Read(
            ObjectText.Read(
                $$$"""{"metadata":{"name":"a","uid":"{{{uid}}}"},"status":{"containerStatuses":[{{{status}}}]}}""",
                V1Pod.Read
            ),
            "etcd"
        );

    private static async Task<ControlPlane> StartAsync(string release)
    {
        ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                MetricsApart = true,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );
        PodMetricsTests.DenyPortForward(plane);
        await plane.Etcd.Loader.LoadAsync(10_000_000, 40_000_000, valueBytes: 100_000, cancellation: Cancellation);
        return plane;
    }

    private static async Task RestartAsync(ControlPlane plane, ClusterMember member)
    {
        plane.Api.Pods[plane.Etcd.Members.ToList().IndexOf(member)].CountRestart();
        await member.StartAsync(Cancellation);
    }

    /// <summary>
    /// Delays the end of one etcdctl command, after it has done its work, until the test releases it.
    /// </summary>
    private sealed class EtcdctlGate : IDisposable
    {
        private readonly ControlPlane _plane;
        private readonly string _reached;
        private readonly string _open;

        private EtcdctlGate(ControlPlane plane)
        {
            _plane = plane;
            _reached = Path.Combine(plane.Api.FolderPath, "reached");
            _open = Path.Combine(plane.Api.FolderPath, "open");
        }

        public static async Task<EtcdctlGate> SetUpAsync(ControlPlane plane, string command)
        {
            var gate = new EtcdctlGate(plane);
            string script = Path.Combine(plane.Api.FolderPath, "etcdctl");
            string text = $"""
                #!/bin/sh
                "{plane.Etcd.Binaries.Etcdctl}" "$@"
                code=$?
                case " $* " in *" {command} "*) echo "$*" > "{gate._reached}.new"; mv "{gate._reached}.new" "{gate._reached}"
                  while [ ! -e "{gate._open}" ]; do sleep 0.05; done;; esac
                exit $code
                """;

            // Written by a separate process: a program that this process has open for writing cannot be started.
            CommandResult written = await Command.RunAsync(
                "/bin/sh",
                ["-c", "printf '%s\n' \"$1\" > \"$0\" && chmod 700 \"$0\"", script, text],
                TimeSpan.FromSeconds(10),
                cancellation: Cancellation
            );
            written.OutputOrThrow();
            foreach (FakePod pod in plane.Api.Pods)
                pod.Programs["etcdctl"] = script;
            return gate;
        }

        /// <summary>The member to which the command was sent.</summary>
        public async Task<ClusterMember> ReachedAsync(CancellationToken cancellation)
        {
            await Poll.UntilAsync(
                () => File.Exists(_reached),
                TimeSpan.FromMinutes(1),
                "the command was run",
                cancellation
            );
            string command = File.ReadAllText(_reached);
            return _plane.Etcd.Members.Single(m =>
                command.Contains($":{new Uri(m.ClientUrl).Port}", StringComparison.Ordinal)
            );
        }

        public void Open() => File.WriteAllText(_open, "");

        public void Dispose() => Open();
    }
}
