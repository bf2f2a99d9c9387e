using System.Globalization;
using EtcdMaint.Simulation.State;

namespace EtcdMaint.Simulation.Server;

/// <summary>The part of the metrics page of etcd that shows the work of a member.</summary>
internal static class MetricsPage
{
    public static string Of(SimulatedMember member)
    {
        lock (member.Cluster.Gate)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"""
                etcd_server_id{"{"}server_id="{member.Id:x}"{"}"} 1
                etcd_disk_defrag_inflight {(member.IsDefragmenting ? 1 : 0)}
                etcd_disk_backend_defrag_duration_seconds_sum {member.DefragSeconds}
                etcd_disk_backend_defrag_duration_seconds_count {member.DefragCount}
                etcd_server_quota_backend_bytes {SimulatedMember.QuotaBytes}
                process_start_time_seconds 1.7e+09

                """
            );
    }
}
