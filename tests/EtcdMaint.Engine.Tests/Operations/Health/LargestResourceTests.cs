using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Health;

/// <summary>
/// A health check names the largest resources if the database is too large. It reads no keys otherwise, and reports the
/// same findings if the keys cannot be read.
/// </summary>
[Collection<SimulatedClusters>]
public sealed class LargestResourceTests
{
    private const string Names = "Largest: events 121 kB, secrets 61 kB, /calico/ 30 kB. Get-EtcdSpaceUsage shows all.";

    private readonly CalmCluster _cluster = new();

    public LargestResourceTests()
    {
        Put("/registry/namespaces/", 3, 100);
        Put("/registry/serviceaccounts/default/", 3, 100);
        Put("/registry/events/default/", 40, 3000);
        Put("/registry/pods/default/", 10, 500);
        Put("/registry/secrets/default/", 15, 2000);
        Put("/registry/secrets/kube-system/", 15, 2000);
        Put("/calico/ipam/", 10, 3000);
    }

    [Fact]
    public async Task The_first_finding_about_space_names_the_three_largest_resources()
    {
        SetSizes(inUse: 1_900_000_000);
        _cluster[0].InUse = 1_000_000_000;
        _cluster.Etcd.Arm(_cluster[0], EtcdAlarmType.NoSpace);

        EtcdHealthReport report = await _cluster.CheckHealthAsync();
        Assert.Contains(Names, report.Finding[0].RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("NoSpaceArmed", report.Finding[0].FindingId);
        Assert.DoesNotContain(report.Finding.Skip(1), f => f.RecommendedAction?.Contains("Largest") is true);
        Assert.Equal(
            ["events", "secrets", "/calico/", "pods"],
            report.LargestResource.Take(4).Select(row => row.ToString())
        );
        Assert.All(report.LargestResource, row => Assert.Null(row.Namespace));
        Assert.Equal(30, report.LargestResource[1].KeyCount);
        Assert.Equal(1, report.LargestResource.Sum(row => row.Share ?? 0), 6);
        Assert.InRange(_cluster.Etcd.Log.MembersOf("ReadSpans").Count(), 1, 20);
        Assert.DoesNotContain(_cluster.Etcd.Log.Calls, call => call.IsWrite);
    }

    [Fact]
    public async Task A_check_of_a_healthy_cluster_reads_no_keys()
    {
        EtcdHealthReport report = await _cluster.CheckHealthAsync();
        Assert.Empty(report.LargestResource);
        Assert.Empty(_cluster.Etcd.Log.MembersOf("ReadSpans"));
    }

    [Fact]
    public async Task Findings_remain_if_the_user_may_not_read_the_keys()
    {
        SetSizes(inUse: 1_000_000_000);
        _cluster.Etcd.ForbidsKeys = true;
        await AssertUnnamedAsync();
        Assert.NotEmpty(_cluster.Etcd.Log.MembersOf("ReadSpans"));
    }

    [Fact]
    public async Task Findings_remain_if_the_keys_are_not_read_in_time()
    {
        SetSizes(inUse: 1_000_000_000);
        _cluster.Etcd.HoldsKeys = true;
        await AssertUnnamedAsync();
        Assert.InRange(_cluster.Time.Now.TotalSeconds, 9, 12);
    }

    [Fact]
    public async Task Members_that_could_crash_are_not_read()
    {
        var old = new CalmCluster(version: "3.5.6");
        foreach (SimulatedMember member in old.Etcd.Members)
            member.DbSize = 1_900_000_000;
        EtcdHealthReport report = await old.CheckHealthAsync();
        Assert.Equal(3, report.Finding.Count(f => f.FindingId == "NearQuota"));
        Assert.Empty(old.Etcd.Log.MembersOf("ReadSpans"));
    }

    [Fact]
    public async Task Members_are_not_read_while_another_client_defragments_one()
    {
        SetSizes(inUse: 1_000_000_000);
        _cluster[1].HasMetrics = false;
        _cluster[1].SecondsPerGigabyte = 100;
        _cluster[1].Enqueue(isOurs: false);
        EtcdHealthReport report = await _cluster.CheckHealthAsync();
        Assert.Contains(report.Finding, f => f.FindingId == "MemberSilent");
        Assert.Contains(report.Finding, f => f.FindingId == "NearQuota");
        Assert.Empty(_cluster.Etcd.Log.MembersOf("ReadSpans"));
    }

    [Fact]
    public async Task The_members_that_answer_are_read_while_another_one_is_down()
    {
        SetSizes(inUse: 1_000_000_000);
        _cluster[2].Kill();
        EtcdHealthReport report = await _cluster.CheckHealthAsync();
        Assert.Equal("events", report.LargestResource[0].Resource);
        Assert.DoesNotContain("m2", _cluster.Etcd.Log.MembersOf("ReadSpans"));
    }

    [Fact]
    public async Task The_report_of_the_runbook_has_them()
    {
        _cluster.Etcd.Arm(_cluster[0], EtcdAlarmType.NoSpace);
        EtcdMaintenanceReport report = await _cluster.PlanMaintenanceAsync();
        Assert.Equal(["events", "secrets", "/calico/"], report.LargestResource.Take(3).Select(row => row.ToString()));
    }

    private async Task AssertUnnamedAsync()
    {
        EtcdHealthReport report = await _cluster.CheckHealthAsync();
        Assert.Equal(
            Enumerable.Repeat("Compact and defragment.", 3),
            report.Finding.Where(f => f.FindingId == "NearQuota").Select(f => f.RecommendedAction)
        );
        Assert.Empty(report.LargestResource);
    }

    private void SetSizes(long inUse)
    {
        foreach (SimulatedMember member in _cluster.Etcd.Members)
            (member.DbSize, member.InUse) = (1_900_000_000, inUse);
    }

    private void Put(string prefix, int count, int bytes)
    {
        for (int i = 0; i < count; i++)
            _cluster.Etcd.Keys.Put($"{prefix}key-{i:000}", new byte[bytes]);
    }
}
