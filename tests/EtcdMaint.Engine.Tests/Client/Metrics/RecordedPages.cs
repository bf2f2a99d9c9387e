namespace EtcdMaint.Engine.Tests.Client.Metrics;

/// <summary>Excerpts of metrics pages.</summary>
internal static class RecordedPages
{
    /// <summary>
    /// A member with the feature NonBlockingDefrag after two defragmentations, while it is at work on a third one. No
    /// released etcd has the feature, so the page follows the code of etcd-io/etcd#22425 and of etcd 3.6, whose pages
    /// have the same families.
    /// </summary>
    public const string NonBlockingDefrag = """
        # HELP etcd_cluster_version Which version is running. 1 for 'cluster_version' label with current cluster version
        # TYPE etcd_cluster_version gauge
        etcd_cluster_version{cluster_version="3.8"} 1
        # HELP etcd_disk_backend_defrag_duration_seconds The latency distribution of backend defragmentation.
        # TYPE etcd_disk_backend_defrag_duration_seconds histogram
        etcd_disk_backend_defrag_duration_seconds_bucket{le="0.1"} 0
        etcd_disk_backend_defrag_duration_seconds_bucket{le="12.8"} 2
        etcd_disk_backend_defrag_duration_seconds_bucket{le="409.6"} 2
        etcd_disk_backend_defrag_duration_seconds_bucket{le="+Inf"} 2
        etcd_disk_backend_defrag_duration_seconds_sum 17.402815573
        etcd_disk_backend_defrag_duration_seconds_count 2
        # HELP etcd_disk_defrag_inflight Whether or not defrag is active on the member. 1 means active, 0 means not.
        # TYPE etcd_disk_defrag_inflight gauge
        etcd_disk_defrag_inflight 1
        # HELP etcd_server_feature_enabled Whether or not a feature is enabled. 1 is enabled, 0 is not.
        # TYPE etcd_server_feature_enabled gauge
        etcd_server_feature_enabled{name="AllAlpha",stage="ALPHA"} 0
        etcd_server_feature_enabled{name="AllBeta",stage="BETA"} 0
        etcd_server_feature_enabled{name="CompactHashCheck",stage="BETA"} 1
        etcd_server_feature_enabled{name="InitialCorruptCheck",stage="BETA"} 1
        etcd_server_feature_enabled{name="NonBlockingDefrag",stage="BETA"} 1
        etcd_server_feature_enabled{name="StopGRPCServiceOnDefrag",stage="ALPHA"} 0
        # HELP etcd_server_id Server or member ID in hexadecimal format. 1 for 'server_id' label with current ID.
        # TYPE etcd_server_id gauge
        etcd_server_id{server_id="8e9e05c52164694d"} 1
        # HELP etcd_server_quota_backend_bytes Current backend storage quota size in bytes.
        # TYPE etcd_server_quota_backend_bytes gauge
        etcd_server_quota_backend_bytes 8.589934592e+09
        # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
        # TYPE process_start_time_seconds gauge
        process_start_time_seconds 1.79542801221e+09
        """;
}
