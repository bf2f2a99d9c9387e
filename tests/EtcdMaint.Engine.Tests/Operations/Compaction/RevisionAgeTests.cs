using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.TestCluster;
using Google.Protobuf;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Tests.Operations.Compaction;

/// <summary>
/// The age of a revision, which the leases of Kubernetes show at that revision. The clients have stopped writing when
/// the run measures their rate, so the rate alone would mislead it.
/// </summary>
[Trait("Kind", "Real")]
public sealed class RevisionAgeTests(ITestOutputHelper output)
{
    private const int Burst = 3_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0", 2, EtcdMaintenanceStatus.Skipped, null)]
    [InlineData("0", 40, EtcdMaintenanceStatus.Succeeded, "ApiServerCompactionStale")]
    [InlineData("not a revision", 2, EtcdMaintenanceStatus.Skipped, "ApiServerCompactionStale")]
    public async Task The_record_of_the_API_server_is_as_old_as_the_leases_at_its_revision(
        string record,
        int minutes,
        EtcdMaintenanceStatus expected,
        string? finding
    )
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 1 });
        await RenewAsync(real, TimeSpan.FromMinutes(minutes));
        await real.Etcd.KeyValues.PutAsync("compact_rev_key", record, cancellation: Cancellation);
        await WriteAsync(real, 2 * Burst);
        await RenewAsync(real, TimeSpan.Zero);

        EtcdHealthReport health = await real.Cluster.CheckHealthAsync(
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );
        Assert.Equal(finding, health.Finding.FirstOrDefault(f => f.FindingId.StartsWith("ApiServer"))?.FindingId);
        EtcdMaintenanceReport report = (await real.MaintainAsync(RunbookScenario.With(Always))).Report();
        output.WriteLine(report.Describe());
        Assert.Equal(expected, report.Step.Single(s => s.Name == "Compaction").Status);
    }

    /// <summary>1,000 revisions are three minutes old here, so the run keeps more: those of the last burst.</summary>
    [Fact]
    public async Task A_burst_within_the_time_to_keep_is_kept()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 1 });
        await RenewAsync(real, TimeSpan.FromMinutes(10));
        await WriteAsync(real, Burst);
        await RenewAsync(real, TimeSpan.FromMinutes(3));
        await WriteAsync(real, Burst);
        long newest = await RenewAsync(real, TimeSpan.Zero);

        EtcdMaintenanceReport report = (await real.MaintainAsync(RunbookScenario.With(Always))).Report();
        output.WriteLine(report.Describe());
        long? kept = newest - Assert.Single(report.Compaction).Revision;
        Assert.InRange(kept!.Value, Burst, 1.2 * Burst);
    }

    private static DefragRequest Always(DefragRequest request) =>
        request with
        {
            MinimumFreeBytes = null,
            MinimumFragmentationRatio = null,
            When = _ => Task.FromResult(true),
        };

    private static Task WriteAsync(RealCluster real, int puts) =>
        real.Etcd.Loader.LoadAsync(
            liveBytes: 1_000,
            deadBytes: (puts - 10) * 100L,
            valueBytes: 100,
            transactionBytes: 100,
            cancellation: Cancellation
        );

    /// <summary>
    /// Renews the lease of the scheduler and one whose holder has a fast clock, and returns the revision. A third lease
    /// has no holder any more.
    /// </summary>
    private static async Task<long> RenewAsync(RealCluster real, TimeSpan ago)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await PutAsync(real, "kube-system/kube-scheduler", now - ago);
        await PutAsync(real, "kube-system/fast-clock", now - ago + TimeSpan.FromHours(1));
        return await PutAsync(real, "a/abandoned", now - TimeSpan.FromDays(30));
    }

    private static async Task<long> PutAsync(RealCluster real, string lease, DateTimeOffset renewedAt)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(real.Etcd.Members[0].ClientUrl);
        Wire.PutResponse reply = await new Wire.KV.KVClient(channel).PutAsync(
            new Wire.PutRequest
            {
                Key = ByteString.CopyFromUtf8($"/registry/leases/{lease}"),
                Value = ByteString.CopyFrom(LeaseValues.Of("node-1", renewedAt: renewedAt)),
            },
            cancellationToken: Cancellation
        );
        return reply.Header.Revision;
    }
}
