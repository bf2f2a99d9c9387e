using System.Diagnostics;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>The space usage of clusters that are full, change or fail while they are read, or allow little.</summary>
[Trait("Kind", "Real")]
public sealed class SpaceUsageTroubleTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static SpaceUsageRequest Request => new() { CallTimeout = RealCluster.Timeout };

    [Theory]
    [InlineData("3.4")]
    [InlineData("3.5.30")]
    public async Task A_full_cluster_tells_what_fills_it(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync(release), QuotaBytes = 16_000_000 }
        );
        var objects = new KubernetesObjects(new KubernetesObjectOptions { Keys = 600, Resources = 15 });
        await real.Etcd.Loader.LoadAsync(objects, cancellation: Cancellation);
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);

        IReadOnlyList<EtcdSpaceUsage> rows = await ReadAsync(real.Cluster, Request with { Exact = true });
        AssertTruth(objects, rows.Where(row => row.Prefix != "fill/"));
        Assert.Equal(rows.Max(row => row.Bytes), rows.Single(row => row.Prefix == "fill/").Bytes);
        Assert.Equal("fill/", rows[0].Prefix);
    }

    [Fact]
    public async Task A_user_reads_the_keys_of_its_role_and_gets_one_error_for_others()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Auth = true });
        var objects = new KubernetesObjects(new KubernetesObjectOptions { Keys = 600, Resources = 15 });
        await real.Etcd.Loader.LoadAsync(objects, cancellation: Cancellation);
        (
            await real.Etcd.EtcdctlAsync(
                "role",
                "grant-permission",
                ClusterUsers.Limited.Name,
                "--prefix=true",
                "read",
                "/registry/pods/"
            )
        ).OutputOrThrow();
        EndpointConnectRequest access = RealCluster.RequestFor(real.Etcd) with
        {
            UserName = ClusterUsers.Limited.Name,
            Password = RealCluster.Secret(ClusterUsers.Limited.Password),
        };
        await using IEtcdCluster limited = (await RealCluster.ConnectAsync(access)).Cluster;

        AssertTruth(
            objects,
            await ReadAsync(limited, Request with { Prefix = "/registry/pods/", Exact = true }),
            "/registry/pods/"
        );
        var run = new RunRecorder();
        EtcdException refused = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            limited.GetSpaceUsageAsync(Request, run, Cancellation)
        );
        Assert.Equal("PermissionDenied", refused.ErrorId);
        Assert.Empty(run.Rows<EtcdSpaceUsage>());
        Assert.Empty(run.Errors);
        Assert.Empty(run.Warnings);
    }

    /// <summary>One cluster with 13 MB below a prefix of its own serves all of these.</summary>
    [Fact]
    public async Task Trouble_while_a_cluster_is_read_changes_no_result()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        var objects = new KubernetesObjects(
            new KubernetesObjectOptions
            {
                Keys = 8_000,
                Resources = 30,
                Root = "/tenant-1",
            }
        );
        await real.Etcd.Loader.LoadAsync(objects, cancellation: Cancellation);
        foreach (ClusterMember member in real.Etcd.Members)
            await member.CommittedAsync(Cancellation);

        await AssertSampleIsClose(real, objects);
        await AssertWritersAreFirst(real);
        await AssertEtcdctlAgrees(real, objects);
        await AssertNothingMatches(real);
        await AssertCancelledRunKeepsItsRows(real, objects);
        await AssertCompactionIsSurvived(real, objects);
        await AssertKilledFollowerIsReplaced(real, objects);
    }

    private async Task AssertSampleIsClose(RealCluster real, KubernetesObjects objects)
    {
        IReadOnlyList<EtcdSpaceUsage> rows = await ReadAsync(real.Cluster, Request);
        Assert.Equal(
            objects.Usage.Select(u => (u.Prefix, u.Resource, u.Namespace, (long)u.KeyCount)),
            rows.OrderBy(r => r.Prefix, StringComparer.Ordinal)
                .Select(r => (r.Prefix, r.Resource, r.Namespace, r.KeyCount))
        );
        foreach (KeyUsage largest in objects.Usage.OrderByDescending(u => u.Bytes).Take(10))
        {
            EtcdSpaceUsage row = rows.Single(r => r.Prefix == largest.Prefix);
            Assert.False(row.BytesAreExact);
            Assert.InRange(row.Bytes!.Value, 0.75 * largest.Bytes, 1.25 * largest.Bytes);
        }
    }

    private async Task AssertWritersAreFirst(RealCluster real)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<double> busy = WriteAsync(real, "/tenant-1/leases/web/", 10, stop.Token);
        Task<double> late = WriteAsync(real, "/new/", 50, stop.Token);
        IReadOnlyList<EtcdSpaceUsage> rows = await ReadAsync(
            real.Cluster,
            Request with
            {
                CountOnly = true,
                SampleTime = TimeSpan.FromSeconds(4),
            }
        );
        await stop.CancelAsync();

        Assert.Equal("/tenant-1/leases/web/", rows[0].Prefix);
        Assert.Equal("/new/", rows[1].Prefix);
        Assert.InRange(rows[0].WritesPerSecond!.Value, 0.6 * await busy, 1.5 * await busy);
        Assert.InRange(rows[1].WritesPerSecond!.Value, 0.6 * await late, 1.5 * await late);
        double bytes = rows[0].BytesWrittenPerSecond!.Value / rows[0].WritesPerSecond!.Value;
        Assert.Equal("/tenant-1/leases/web/0".Length + 100, bytes, 6);
        Assert.All(rows.Skip(2), row => Assert.Equal(0, row.WritesPerSecond));
        foreach (string prefix in new[] { "/tenant-1/leases/web/0", "/new/0" })
            await real.Etcd.KeyValues.DeleteAsync(prefix, Cancellation);
    }

    /// <summary>Overwrites one key, and returns its writes per second.</summary>
    private static async Task<double> WriteAsync(RealCluster real, string prefix, int pause, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        string value = new('v', 100);
        for (int writes = 0; ; writes++)
        {
            if (stop.IsCancellationRequested)
                return writes / clock.Elapsed.TotalSeconds;
            await real.Etcd.KeyValues.PutAsync($"{prefix}0", value, cancellation: Cancellation);
            await Task.Delay(pause, Cancellation);
        }
    }

    private async Task AssertEtcdctlAgrees(RealCluster real, KubernetesObjects objects)
    {
        string log = Path.Combine(real.Etcd.FolderPath, "etcdctl.log");
        string script = Path.Combine(real.Etcd.FolderPath, "etcdctl.sh");
        await File.WriteAllTextAsync(
            script,
            $"#!/bin/sh\necho \"$@\" >> '{log}'\nexec '{real.Etcd.Binaries.Etcdctl}' \"$@\"\n",
            Cancellation
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var access = new LocalConnectRequest
        {
            EtcdctlPath = script,
            Endpoint = [real.Etcd.ClientUrls[0]],
            ClusterName = "test",
            CallTimeout = RealCluster.Timeout,
        };
        await using IEtcdCluster local = (await RealCluster.ConnectAsync(access)).Cluster;
        var run = new RunRecorder();
        EtcdException refused = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            local.GetSpaceUsageAsync(Request with { SampleTime = TimeSpan.FromSeconds(5) }, run, Cancellation)
        );
        Assert.Equal("NotSupportedByAccess", refused.ErrorId);
        Assert.Empty(run.Rows<EtcdSpaceUsage>());
        string calls = await File.ReadAllTextAsync(log, Cancellation);
        Assert.DoesNotContain("txn", calls, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\bget\b", calls);

        const string Prefix = "/tenant-1/secrets/";
        AssertTruth(objects, await ReadAsync(local, Request with { Prefix = Prefix, Exact = true }), Prefix);
        Assert.Contains("txn", await File.ReadAllTextAsync(log, Cancellation), StringComparison.Ordinal);
    }

    private static async Task AssertNothingMatches(RealCluster real)
    {
        var run = new RunRecorder();
        await real.Cluster.GetSpaceUsageAsync(Request with { Prefix = "/nothing/" }, run, Cancellation);
        Assert.Empty(run.Rows<EtcdSpaceUsage>());
        Assert.Equal("PrefixMatchesNothing: No key of test begins with '/nothing/'.", Assert.Single(run.Warnings));
    }

    private async Task AssertCancelledRunKeepsItsRows(RealCluster real, KubernetesObjects objects)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        (RunRecorder recorder, Task run) = await StartExactAsync(real, 1_000_000, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Deadline, Cancellation));

        IReadOnlyList<EtcdSpaceUsage> rows = recorder.Rows<EtcdSpaceUsage>();
        Assert.Equal(
            objects.Usage.Select(u => (u.Prefix, (long)u.KeyCount)),
            rows.OrderBy(r => r.Prefix, StringComparer.Ordinal).Select(r => (r.Prefix, r.KeyCount))
        );
        Assert.Contains(rows, row => row.Bytes is null);
        Dictionary<string, long> truth = objects.Usage.ToDictionary(u => u.Prefix, u => u.Bytes);
        Assert.All(rows, row => Assert.True(row.Bytes is null || row.Bytes == truth[row.Prefix], $"{row}"));
        Assert.Empty(recorder.Warnings);
    }

    private async Task AssertCompactionIsSurvived(RealCluster real, KubernetesObjects objects)
    {
        (RunRecorder recorder, Task run) = await StartExactAsync(real, 3_000_000, Cancellation);
        await real.Etcd.KeyValues.PutAsync("/tenant-1/", "a later write", cancellation: Cancellation);
        long newest = await real.Etcd.KeyValues.DeleteAsync("/tenant-1/", Cancellation);
        (await real.Etcd.EtcdctlAsync("compact", $"{newest}", "--physical")).OutputOrThrow();
        await AssertExactAsync(recorder, run, objects);
        Assert.Contains("and others at older revisions", recorder.Story, StringComparison.Ordinal);
    }

    private async Task AssertKilledFollowerIsReplaced(RealCluster real, KubernetesObjects objects)
    {
        ClusterMember leader = await real.Etcd.LeaderAsync(Cancellation);
        ClusterMember follower = real.Etcd.Members.First(member => member != leader);
        (RunRecorder recorder, Task run) = await StartExactAsync(real, 3_000_000, Cancellation);
        Assert.False(run.IsCompleted);
        await follower.KillAsync(Cancellation);
        await AssertExactAsync(recorder, run, objects);
        Assert.DoesNotContain(
            $"were read from {follower.Name}",
            recorder.Story.Replace(", ", " were read from ", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    /// <summary>Starts a run that reads all values slowly, and returns when it has begun to.</summary>
    private static async Task<(RunRecorder Recorder, Task Run)> StartExactAsync(
        RealCluster real,
        long bytesPerSecond,
        CancellationToken stop
    )
    {
        var recorder = new RunRecorder();
        Task run = real.Cluster.GetSpaceUsageAsync(
            Request with
            {
                Exact = true,
                MaximumBytesPerSecond = bytesPerSecond,
            },
            recorder,
            stop
        );
        await Poll.UntilAsync(
            () => run.IsCompleted || recorder.Story.Contains("measuring values", StringComparison.Ordinal),
            Deadline,
            "values are measured",
            Cancellation
        );
        return (recorder, run);
    }

    private async Task AssertExactAsync(RunRecorder recorder, Task run, KubernetesObjects objects)
    {
        await recorder.EndOf(run);
        output.WriteLine(recorder.Story.Split('\n')[^1]);
        AssertTruth(objects, recorder.Rows<EtcdSpaceUsage>());
    }

    private static void AssertTruth(KubernetesObjects objects, IEnumerable<EtcdSpaceUsage> rows, string prefix = "") =>
        Assert.Equal(
            objects
                .Usage.Where(u => u.Prefix.StartsWith(prefix, StringComparison.Ordinal))
                .Select(u => (u.Prefix, u.Resource, u.Namespace, (long)u.KeyCount, (long?)u.Bytes, true)),
            rows.OrderBy(r => r.Prefix, StringComparer.Ordinal)
                .Select(r => (r.Prefix, r.Resource, r.Namespace, r.KeyCount, r.Bytes, r.BytesAreExact))
        );

    private async Task<IReadOnlyList<EtcdSpaceUsage>> ReadAsync(IEtcdCluster cluster, SpaceUsageRequest request)
    {
        var run = new RunRecorder();
        var clock = Stopwatch.StartNew();
        await cluster.GetSpaceUsageAsync(request, run, Cancellation);
        output.WriteLine($"{clock.Elapsed.TotalMilliseconds:0} ms for {request}");
        return run.Rows<EtcdSpaceUsage>();
    }
}
