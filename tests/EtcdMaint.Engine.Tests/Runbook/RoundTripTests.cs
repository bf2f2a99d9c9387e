using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>
/// The number of calls that each operation costs a cluster of three, as the servers count them: every extra call takes
/// time on any connection. A change that needs another call must change a number here and give the reason.
/// </summary>
[Trait("Kind", "Real")]
public sealed class RoundTripTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listing_members_asks_each_member_once()
    {
        await using RealCluster real = await StartAsync();
        SortedDictionary<string, int> calls = await CountAsync(real, () => real.TargetsAsync());
        Assert.Equal("MemberList 3", Text(calls));
    }

    [Fact]
    public async Task Status_asks_each_member_for_its_list_and_its_status()
    {
        await using RealCluster real = await StartAsync();
        await real.StatusAsync();
        SortedDictionary<string, int> calls = await CountAsync(real, () => real.StatusAsync());
        Assert.Equal("MemberList 3, Status 3", Text(calls));
    }

    [Fact]
    public async Task A_compaction_takes_two_calls_per_member_and_one_status_afterwards()
    {
        await using RealCluster real = await StartAsync();
        IReadOnlyList<MemberTarget> targets = await real.TargetsAsync();
        await real.Etcd.Loader.LoadAsync(1_000_000, 1_000_000, cancellation: Cancellation);
        SortedDictionary<string, int> calls = await CountAsync(
            real,
            () =>
                real.Cluster.CompactAsync(
                    new CompactionRequest { Targets = targets, CallTimeout = RealCluster.Timeout },
                    new RunRecorder(),
                    Cancellation
                )
        );
        Assert.Equal("Compact 6, MemberList 3, Range 2, Status 3", Text(calls));
    }

    [Fact]
    public async Task A_defragmentation_of_three_members_stays_within_its_calls()
    {
        await using RealCluster real = await StartAsync();
        IReadOnlyList<MemberTarget> targets = await real.TargetsAsync();
        await real.Etcd.Loader.LoadAsync(1_000_000, 20_000_000, cancellation: Cancellation);
        await real.CompactAsync();
        var recorder = new RunRecorder();
        SortedDictionary<string, int> calls = await CountAsync(
            real,
            () =>
                real.Cluster.DefragmentAsync(
                    new DefragRequest
                    {
                        Targets = targets,
                        CallTimeout = RealCluster.Timeout,
                        StopTimeout = TimeSpan.FromMinutes(1),
                    },
                    recorder,
                    Cancellation
                )
        );

        Assert.All(recorder.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
        Assert.Equal(3, calls["Defragment"]);

        // The gates: before the cluster lock, and before each member. Two more for each member, on the connection over
        // which the defragmentation is sent: when it is opened, and in the final check.
        Assert.InRange(calls["MemberList"], 3, (4 * 3) + (2 * 3));

        // The gates again, the final check before each member, and three stable samples after it; one more sample on a
        // slow machine.
        Assert.InRange(calls["Status"], 3, (4 * 3) + (3 * 3) + (3 * 4 * 3));

        // The reads of the gates and of the lock, and four reads that look for leases of Kubernetes and find none. A
        // member whose background compaction may still be active is compacted and read once more.
        Assert.InRange(calls["Range"], 4, 24 + calls.GetValueOrDefault("Compact"));
        Assert.Equal(1, calls["LeaseGrant"]);
        Assert.Equal(1, calls["LeaseRevoke"]);
        Assert.Equal(1, calls["Txn"]);
        Assert.InRange(calls.GetValueOrDefault("Compact"), 0, 3);
        Assert.DoesNotContain("Watch", calls.Keys);

        // Locks of other runs are looked for before and after the run takes its own lock, and before each member, when
        // its own lock is renewed too.
        Assert.Equal(5, calls["RoleList"]);
        Assert.InRange(calls["LeaseKeepAlive"], 3, 4);
    }

    [Fact]
    public async Task A_run_with_nothing_to_do_costs_only_the_health_check()
    {
        await using RealCluster real = await StartAsync();
        await real.CompactAsync();
        await real.MaintainAsync();
        SortedDictionary<string, int> calls = await CountAsync(real, () => real.MaintainAsync());
        Assert.InRange(calls.Values.Sum(), 9, 16);
        Assert.DoesNotContain("Compact", calls.Keys);
        Assert.DoesNotContain("Defragment", calls.Keys);
    }

    private static Task<RealCluster> StartAsync() => RealCluster.StartAsync(new ClusterOptions { Members = 3 });

    private async Task<SortedDictionary<string, int>> CountAsync(RealCluster real, Func<Task> operation)
    {
        ServerCalls before = await ServerCalls.ReadAsync(real.Etcd);
        await operation();
        SortedDictionary<string, int> calls = (await ServerCalls.ReadAsync(real.Etcd)).Since(before);
        output.WriteLine(Text(calls));
        return calls;
    }

    private static string Text(SortedDictionary<string, int> calls) =>
        string.Join(", ", calls.Select(c => $"{c.Key} {c.Value}"));
}
