namespace EtcdMaint.Metrics;

/// <summary>The metrics of a member.</summary>
internal static class MemberMetrics
{
    public static MetricMapper<EtcdMemberStatus> Mapper { get; } =
        new("cluster", "member")
        {
            {
                "etcdmaint_member_info",
                "Always 1. The labels describe the member. The version is empty if the member did not answer.",
                ["cluster_id", "member_id", "version"],
                member => [new([member.ClusterId, member.MemberId, member.Version ?? ""], 1)]
            },
            {
                "etcdmaint_member_reachable",
                "1 if the member answered, otherwise 0.",
                member => MetricValues.Flag(member.IsReachable)
            },
            {
                "etcdmaint_member_latency_seconds",
                "The time until the member answered.",
                member => member.Latency?.TotalSeconds
            },
            {
                "etcdmaint_member_is_leader",
                "1 if the member is the leader, otherwise 0.",
                member => MetricValues.Flag(member.IsLeader)
            },
            {
                "etcdmaint_member_is_learner",
                "1 if the member is a learner, which has no vote, otherwise 0.",
                member => MetricValues.Flag(member.IsLearner)
            },
            {
                "etcdmaint_member_db_size_bytes",
                "The size of the database file. etcd compares it with the quota.",
                member => member.DbSize
            },
            {
                "etcdmaint_member_db_size_in_use_bytes",
                "The bytes of the file that hold data. The rest are free pages.",
                member => member.DbSizeInUse
            },
            {
                "etcdmaint_member_quota_bytes",
                "The backend quota. Missing if it is unknown or etcd has no limit.",
                member => member.QuotaBytes
            },
            {
                "etcdmaint_member_revision",
                "The newest revision that the member has applied. Each write increases it.",
                member => member.Revision
            },
            {
                "etcdmaint_member_alarm",
                "1 if the alarm is armed for the member, otherwise 0. Missing if the member did not answer.",
                "alarm",
                member =>
                    member.IsReachable
                        ? MetricValues.States(Enum.GetValues<EtcdAlarmType>(), member.Alarm.Contains)
                        : []
            },
        };
}
