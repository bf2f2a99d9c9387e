using EtcdMaint.Engine.Tests.Reports;
using EtcdMaint.Plans;

namespace EtcdMaint.Engine.Tests.Plans;

/// <summary>A plan with every kind of value, and with malicious names.</summary>
internal static class SamplePlans
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 9, 30, 0, 123, TimeSpan.FromHours(1));

    public static EtcdMaintenancePlan All { get; } =
        PlanBuilder.Build(
            [Planned, .. SampleReports.All],
            new MaintenanceRequest
            {
                SnapshotPath = "/backup/größe <x>",
                KeepDuration = TimeSpan.FromSeconds(90.5),
                CallTimeout = TimeSpan.FromSeconds(15),
                Defrag = new DefragRequest
                {
                    Targets = [],
                    MinimumFragmentationRatio = 0.1 + 0.2,
                    MinimumFreeBytes = 104_857_600,
                    MaximumStall = TimeSpan.FromSeconds(1.5),
                    CallTimeout = TimeSpan.FromSeconds(15),
                    Override = new HashSet<EtcdGate> { EtcdGate.VersionHazard, EtcdGate.MemberDown },
                },
            },
            At.AddDays(2),
            At
        );

    private static EtcdMaintenanceReport Planned =>
        new()
        {
            ClusterName = "prod <eu>",
            ClusterId = "21517abe529b8342",
            Status = EtcdMaintenanceStatus.Planned,
            Reason = "400 MB of free pages on m1, 80 % of its file",
            Step =
            [
                new EtcdMaintenanceStep
                {
                    Name = "Compaction",
                    Status = EtcdMaintenanceStatus.Planned,
                    Reason = "up to revision 812903, keeping the newest 1,000 revisions",
                },
                new EtcdMaintenanceStep
                {
                    Name = "Defrag",
                    Status = EtcdMaintenanceStatus.Planned,
                    Reason = "2 of 3 members",
                },
            ],
            Before = [Member("m1"), Member(SampleReports.EvilName, leads: true), Member("m3")],
            Compaction = [new EtcdCompactionResult { Revision = 812_903 }],
            Defrag =
            [
                new EtcdDefragResult
                {
                    MemberId = "m3",
                    Status = EtcdDefragStatus.Skipped,
                    Reason = "too little",
                },
                new EtcdDefragResult
                {
                    MemberId = "m1",
                    Status = EtcdDefragStatus.Planned,
                    Order = 1,
                    BytesBefore = 500_000_000,
                    BytesAfter = 100_000_000,
                    PredictedDuration = TimeSpan.FromSeconds(1.23456),
                },
                new EtcdDefragResult
                {
                    MemberId = SampleReports.EvilName,
                    Status = EtcdDefragStatus.Planned,
                    Order = 1,
                    Reason = "reclaims 400 MB to 500 MB, known after the compaction",
                    BytesBefore = 500_000_000,
                    BytesReclaimedMinimum = 400_000_000,
                    BytesReclaimedMaximum = 500_000_000,
                    PredictedDuration = TimeSpan.FromSeconds(2),
                },
            ],
        };

    private static EtcdMemberStatus Member(string name, bool leads = false) =>
        new()
        {
            MemberId = name,
            MemberName = name,
            Version = "3.5.30",
            IsReachable = true,
            IsLeader = leads,
            DbSize = 500_000_000,
            DbSizeInUse = 100_000_000,
            QuotaBytes = 2_147_483_648,
            Revision = 813_903,
            Alarm = leads ? [EtcdAlarmType.NoSpace] : [],
        };
}
