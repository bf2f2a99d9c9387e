namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>Reports as a run creates them, with every kind of row, and with malicious names.</summary>
internal static class SampleReports
{
    public const string EvilName = "<script>alert('m2')</script>\"&";

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 3, 14, 7, 250, TimeSpan.Zero);

    public static EtcdMaintenanceReport Rescued { get; } =
        new()
        {
            ClusterName = "prod <eu>",
            ClusterId = "21517abe529b8342",
            Status = EtcdMaintenanceStatus.Succeeded,
            Reason = "the NOSPACE alarm; 3 of 3 members defragmented, 5.7 GB given back",
            StartedAt = Start,
            Duration = TimeSpan.FromSeconds(41.5),
            CompactedRevisionBefore = 4711,
            CompactedRevisionAfter = 812_903,
            Step =
            [
                Step(
                    "Health",
                    0,
                    0.3,
                    EtcdMaintenanceStatus.Succeeded,
                    "The NOSPACE alarm is armed: the cluster refuses writes."
                ),
                Step("Snapshot", 0.3, 4.2, EtcdMaintenanceStatus.Succeeded, "2.1 GB of m1 in /backup/prod.db"),
                Step(
                    "Compaction",
                    4.5,
                    5.5,
                    EtcdMaintenanceStatus.Succeeded,
                    "done up to revision 812903, keeping no history"
                ),
                Step(
                    "Defrag",
                    10,
                    28,
                    EtcdMaintenanceStatus.Succeeded,
                    "3 of 3 members defragmented, 5.7 GB given back"
                ),
                Step("Alarm", 38, 3.1, EtcdMaintenanceStatus.Succeeded, "1 alarm cleared, and it stayed away"),
                Step("Verification", 41.1, 0.4, EtcdMaintenanceStatus.Succeeded, "healthy"),
            ],
            Before =
            [
                Member("m1", 2_140_000_000, 214_000_000, 4),
                Member(EvilName, 2_150_000_000, 214_000_000, 4, alarm: true),
                Member("m3", 2_148_000_000, 214_000_000, 4, leads: true),
            ],
            After =
            [
                Member("m1", 231_000_000, 214_000_000, 5, leads: true),
                Member(EvilName, 230_000_000, 214_000_000, 5),
                Member("m3", 230_000_000, 214_000_000, 5),
            ],
            Snapshot = new EtcdSnapshot
            {
                MemberId = "a1",
                MemberName = "m1",
                Path = "/backup/prod.db",
                SizeBytes = 2_140_000_032,
                Revision = 812_903,
                Sha256 = new string('c', 64),
                IsProven = true,
                TakenAt = Start.AddSeconds(0.3),
                Duration = TimeSpan.FromSeconds(4.2),
            },
            Compaction = [.. new[] { "m1", EvilName, "m3" }.Select(Compacted)],
            Defrag =
            [
                Defragmented(EvilName, 10.4, 6.2),
                Defragmented("m1", 18.8, 5.9),
                Defragmented("m3", 28.1, 6.4, leads: true, terms: 1),
            ],
            Alarm =
            [
                new EtcdAlarm
                {
                    MemberId = "a2",
                    MemberName = EvilName,
                    AlarmType = EtcdAlarmType.NoSpace,
                    Status = EtcdAlarmStatus.Cleared,
                },
            ],
            FindingBefore =
            [
                Finding("NoSpaceArmed", EtcdFindingSeverity.Error),
                Finding("CertificateExpiring", EtcdFindingSeverity.Warning),
            ],
            FindingAfter =
            [
                Finding("CertificateExpiring", EtcdFindingSeverity.Warning),
                Finding("Learner", EtcdFindingSeverity.Information),
            ],
            HashBefore = [Hash("m1", "e2370c7d"), Hash("m3", "e2370c7d")],
            HashAfter = [Hash("m1", "7b13f4c5"), Hash("m3", "7b13f4c5")],
            LeaseBefore = [Lease("kube-scheduler", "node-1_a"), Lease(EvilName, "node-2_b")],
            LeaseAfter = [Lease("kube-scheduler", "node-1_a"), Lease(EvilName, null)],
            LeaseLost =
            [
                new EtcdLostLease
                {
                    MemberId = "a1",
                    MemberName = "m1",
                    Namespace = "kube-system",
                    Name = EvilName,
                    Holder = "node-2_b",
                    Transitions = 4,
                },
            ],
            LargestResource =
            [
                Usage("events", "/registry/events/", 120_000, 120_000_000, 0.6),
                Usage(EvilName, $"/registry/{EvilName}/", 1, 60_000_000, 0.3),
                Usage(null, "/calico/", 300, 15_000, 0.000_075),
            ],
            Event =
            [
                new EtcdMaintenanceEvent
                {
                    At = Start.AddSeconds(0.3),
                    Message = "prod: maintenance is due because of the NOSPACE alarm.",
                },
                new EtcdMaintenanceEvent
                {
                    At = Start.AddSeconds(10),
                    IsWarning = true,
                    Message = "LockIncomplete: There is no lock in prod.",
                },
            ],
        };

    public static EtcdMaintenanceReport Dead { get; } =
        new()
        {
            ClusterName = "edge-7",
            Status = EtcdMaintenanceStatus.Failed,
            Reason = "https://10.0.7.1:2379 refused the connection.",
            StartedAt = Start,
            Duration = TimeSpan.FromSeconds(0.02),
            Step =
            [
                Step("Health", 0, 0.02, EtcdMaintenanceStatus.Failed, "https://10.0.7.1:2379 refused the connection."),
            ],
            Error = ["EndpointRefused: https://10.0.7.1:2379 refused the connection."],
        };

    public static EtcdMaintenanceReport NeverStarted { get; } =
        new()
        {
            ClusterName = "edge-8",
            Status = EtcdMaintenanceStatus.NotAttempted,
            Reason = "a cluster before it failed (-FailureLimit)",
            StartedAt = Start,
        };

    public static EtcdMaintenanceReport Calm { get; } =
        new()
        {
            ClusterName = "staging",
            ClusterId = "77",
            Status = EtcdMaintenanceStatus.NothingToDo,
            Reason = "no member would benefit: m1, with the most free pages, has 1.1 MB of free pages, 3 % of its file",
            StartedAt = Start,
            Duration = TimeSpan.FromSeconds(0.09),
            Step = [Step("Health", 0, 0.09, EtcdMaintenanceStatus.Succeeded, "healthy")],
            Before =
            [
                Member("m1", 36_000_000, 34_900_000, 2, leads: true),
                new EtcdMemberStatus { MemberId = "f2", MemberName = "m2" },
            ],
        };

    public static EtcdMaintenanceReport[] All => [Calm, NeverStarted, Rescued, Dead];

    private static EtcdMaintenanceStep Step(
        string name,
        double at,
        double took,
        EtcdMaintenanceStatus status,
        string reason
    ) =>
        new()
        {
            Name = name,
            Status = status,
            Reason = reason,
            StartedAt = Start.AddSeconds(at),
            Duration = TimeSpan.FromSeconds(took),
        };

    private static EtcdMemberStatus Member(
        string name,
        long size,
        long inUse,
        long term,
        bool leads = false,
        bool alarm = false
    ) =>
        new()
        {
            MemberId = name == EvilName ? "a2" : name.Replace('m', 'a'),
            MemberName = name,
            Member = new EtcdMember { MemberName = name },
            Endpoint = "https://10.0.0.1:2379",
            Version = "3.5.30",
            IsReachable = true,
            IsLeader = leads,
            DbSize = size,
            DbSizeInUse = inUse,
            QuotaBytes = 2_147_483_648,
            RaftTerm = term,
            Alarm = alarm ? [EtcdAlarmType.NoSpace] : [],
        };

    private static EtcdCompactionResult Compacted(string name) =>
        new()
        {
            MemberId = "a",
            MemberName = name,
            Status = EtcdCompactionStatus.Compacted,
            Revision = 812_903,
            DbSizeInUse = 214_000_000,
            Duration = TimeSpan.FromSeconds(5),
        };

    private static EtcdDefragResult Defragmented(
        string name,
        double at,
        double took,
        bool leads = false,
        long terms = 0
    ) =>
        new()
        {
            MemberId = name == EvilName ? "a2" : name.Replace('m', 'a'),
            MemberName = name,
            Status = EtcdDefragStatus.Defragmented,
            BytesBefore = 2_145_000_000,
            BytesAfter = 230_000_000,
            StartedAt = Start.AddSeconds(at),
            PredictedDuration = TimeSpan.FromSeconds(2.2),
            Duration = TimeSpan.FromSeconds(took),
            WasLeader = leads,
            WorstStall = TimeSpan.FromMilliseconds(38),
            TotalStall = TimeSpan.Zero,
            TermChanges = terms,
        };

    private static EtcdFinding Finding(string id, EtcdFindingSeverity severity) =>
        new()
        {
            MemberId = "a1",
            FindingId = id,
            Severity = severity,
            Message = $"{id} & more.",
            RecommendedAction = "Look at it.",
        };

    private static EtcdLease Lease(string name, string? holder) =>
        new()
        {
            Namespace = "kube-system",
            Name = name,
            Holder = holder,
            Transitions = 4,
            RenewedAt = Start,
        };

    private static EtcdSpaceUsage Usage(string? resource, string prefix, long keys, long bytes, double share) =>
        new()
        {
            Resource = resource,
            Prefix = prefix,
            KeyCount = keys,
            Bytes = bytes,
            Share = share,
        };

    private static EtcdMemberHash Hash(string name, string hash) =>
        new()
        {
            MemberId = name,
            MemberName = name,
            Revision = 812_903,
            CompactRevision = 800_000,
            Hash = hash,
        };
}
