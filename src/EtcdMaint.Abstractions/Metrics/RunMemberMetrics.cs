namespace EtcdMaint.Metrics;

/// <summary>
/// The metrics of a member after a maintenance run. They have names of their own, because a status that is read more
/// often has newer values, and two files of one collector must not contain the same sample.
/// </summary>
internal static class RunMemberMetrics
{
    public static MetricMapper<EtcdMemberStatus> Mapper { get; } =
        new("cluster", "member")
        {
            {
                "etcdmaint_run_member_db_size_bytes",
                "The size of the database file after the last run.",
                member => member.DbSize
            },
            {
                "etcdmaint_run_member_db_size_in_use_bytes",
                "The bytes of this file that hold data.",
                member => member.DbSizeInUse
            },
        };
}
