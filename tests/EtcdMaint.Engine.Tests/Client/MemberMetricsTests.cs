using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Tests.Client.Metrics;

namespace EtcdMaint.Engine.Tests.Client;

public sealed class MemberMetricsTests
{
    [Fact]
    public void Reads_the_needed_values_from_a_page()
    {
        MemberMetrics metrics = Parse(
            """
            # HELP etcd_disk_defrag_inflight Whether or not defrag is active on the member.
            # TYPE etcd_disk_defrag_inflight gauge
            etcd_disk_defrag_inflight 1
            etcd_disk_backend_defrag_duration_seconds_bucket{le="0.1"} 7
            etcd_disk_backend_defrag_duration_seconds_count 2
            etcd_server_id{server_id="b8a3d4e1f0c29716"} 1
            etcd_server_quota_backend_bytes 2.147483648e+09
            process_start_time_seconds 1.76e+09
            """
        );
        Assert.True(metrics.IsDefragmenting);
        Assert.Equal(2, metrics.DefragCount);
        Assert.Equal(2_147_483_648, metrics.QuotaBytes);
        Assert.Equal(0xb8a3d4e1f0c29716, metrics.MemberId);
        Assert.Equal(1.76e9, metrics.ProcessStart);
    }

    [Fact]
    public void Values_that_the_page_does_not_contain_are_unknown()
    {
        MemberMetrics metrics = Parse("go_goroutines 12\n");
        Assert.Equal(new MemberMetrics(), metrics);
        Assert.Null(metrics.IsDefragmenting);
    }

    [Theory]
    [InlineData("etcd_disk_defrag_inflight 0", false)]
    [InlineData("etcd_disk_defrag_inflight 1", true)]
    [InlineData("etcd_disk_defrag_inflight", null)]
    [InlineData("etcd_disk_defrag_inflight one", null)]
    [InlineData("etcd_disk_defrag_inflight_total 1", null)]
    [InlineData("# etcd_disk_defrag_inflight 1", null)]
    public void Ignores_incomplete_lines(string page, bool? isDefragmenting) =>
        Assert.Equal(isDefragmenting, Parse(page).IsDefragmenting);

    [Theory]
    [InlineData("etcd_server_id{server_id=\"")]
    [InlineData("etcd_server_id{server_id=\"\"} 1")]
    [InlineData("etcd_server_id{server_id=\"no ID\"} 1")]
    public void A_damaged_ID_is_unknown(string page) => Assert.Null(Parse(page).MemberId);

    [Fact]
    public void A_disabled_quota_means_no_limit() =>
        Assert.Equal(-1, Parse("etcd_server_quota_backend_bytes -1").QuotaBytes);

    [Fact]
    public void Counts_snapshot_streams_that_were_started_and_not_handled()
    {
        MemberMetrics metrics = Parse(
            """
            grpc_server_handled_total{grpc_code="Canceled",grpc_method="Snapshot",grpc_service="etcdserverpb.Maintenance",grpc_type="server_stream"} 1
            grpc_server_handled_total{grpc_code="OK",grpc_method="Snapshot",grpc_service="etcdserverpb.Maintenance",grpc_type="server_stream"} 2
            grpc_server_handled_total{grpc_code="OK",grpc_method="Status",grpc_service="etcdserverpb.Maintenance",grpc_type="unary"} 90
            grpc_server_msg_sent_total{grpc_method="Snapshot",grpc_service="etcdserverpb.Maintenance",grpc_type="server_stream"} 70
            grpc_server_started_total{grpc_method="Snapshot",grpc_service="etcdserverpb.Maintenance",grpc_type="server_stream"} 5
            grpc_server_started_total{grpc_method="Status",grpc_service="etcdserverpb.Maintenance",grpc_type="unary"} 90
            """
        );
        Assert.Equal(2, metrics.SnapshotStreams);
        Assert.Equal(0, metrics.SnapshotSends);
        Assert.Null(Parse("go_goroutines 12").SnapshotStreams);
    }

    [Fact]
    public void Adds_up_the_snapshots_sent_to_other_members()
    {
        MemberMetrics metrics = Parse(
            """
            etcd_network_snapshot_send_inflights_total{To="29a1"} 1
            etcd_network_snapshot_send_inflights_total{To="8e12"} 1
            etcd_network_snapshot_send_success{To="29a1"} 3
            """
        );
        Assert.Equal(2, metrics.SnapshotSends);
        Assert.Null(metrics.SnapshotStreams);
    }

    [Fact]
    public void Reads_the_page_of_a_member_whose_defragmentation_does_not_block_it()
    {
        MemberMetrics metrics = Parse(RecordedPages.NonBlockingDefrag);
        Assert.True(metrics.HasNonBlockingDefrag);
        Assert.True(metrics.IsDefragmenting);
        Assert.Equal((2, 17.402815573), (metrics.DefragCount, metrics.DefragSeconds));
        Assert.Equal(0x8e9e05c52164694d, metrics.MemberId);
    }

    [Theory]
    [InlineData("""{name="NonBlockingDefrag",stage="BETA"} 1""", true)]
    [InlineData("""{stage="ALPHA",name="NonBlockingDefrag"} 1""", true)]
    [InlineData("""{name="NonBlockingDefrag",stage=""} 1""", true)]
    [InlineData("""{name="NonBlockingDefrag",stage="BETA"} 0""", false)]
    [InlineData("""{name="StopGRPCServiceOnDefrag",stage="BETA"} 1""", false)]
    [InlineData("""{name="NonBlockingDefragJournal",stage="BETA"} 1""", false)]
    [InlineData("""{nickname="NonBlockingDefrag"} 1""", false)]
    public void Only_the_enabled_feature_shows_that_a_defragmentation_does_not_block(string labels, bool expected) =>
        Assert.Equal(expected, Parse($"etcd_server_feature_enabled{labels}").HasNonBlockingDefrag);

    [Theory]
    [InlineData(3, 19.5, 1, 1.5)]
    [InlineData(4, 19.5, 1, null)]
    [InlineData(2, 18.0, 1, null)]
    [InlineData(3, 17.0, 1, null)]
    [InlineData(3, 19.5, 2, null)]
    [InlineData(3, double.NaN, 1, null)]
    [InlineData(3, double.PositiveInfinity, 1, null)]
    [InlineData(3, null, 1, null)]
    [InlineData(null, 19.5, 1, null)]
    public void Two_pages_show_the_duration_of_the_only_defragmentation_between_them(
        int? count,
        double? seconds,
        double processStart,
        double? expected
    )
    {
        var earlier = new MemberMetrics
        {
            DefragCount = 2,
            DefragSeconds = 18,
            ProcessStart = 1,
        };
        MemberMetrics later = earlier with
        {
            DefragCount = count,
            DefragSeconds = seconds,
            ProcessStart = processStart,
        };
        Assert.Equal(expected, later.FindDefragDuration(earlier)?.TotalSeconds);
    }

    private static MemberMetrics Parse(string page) => MemberMetrics.Parse(new StringReader(page));
}
