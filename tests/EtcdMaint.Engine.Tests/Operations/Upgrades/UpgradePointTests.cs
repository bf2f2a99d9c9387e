using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Upgrades;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Tests.Safety.Gates;
using EtcdMaint.Snapshot;

namespace EtcdMaint.Engine.Tests.Operations.Upgrades;

/// <summary>Points of the check that a real cluster shows rarely.</summary>
public sealed class UpgradePointTests
{
    /// <summary>Enabling authentication raises no revision, so that any file can be older than that.</summary>
    [Fact]
    public async Task A_snapshot_without_authentication_does_not_prove_that_it_is_disabled()
    {
        UpgradeContext context = Context("3.5", Running(0, "3.4.23")) with
        {
            UserName = "root",
            StoredContent = new SnapshotContent(),
        };
        Assert.Equal(EtcdUpgradeCheck.Auth, Assert.Single(await AuthCheck.FindAsync(context)).NotChecked);

        ClusterState state = context.State with
        {
            Metrics = new Dictionary<ulong, MemberMetrics> { [GateStates.Id(0)] = new() { AuthRevision = 1 } },
        };
        Assert.Empty(await AuthCheck.FindAsync(context with { State = state }));
    }

    [Fact]
    public void A_disk_without_room_for_a_second_copy_blocks_the_upgrade()
    {
        EtcdFinding[] found =
        [
            .. UpgradeCheck.FromHealth([
                Finding("DiskTooFull", EtcdFindingSeverity.Warning),
                Finding("NearQuota", EtcdFindingSeverity.Warning),
                Finding("DiskSpaceUnknown", EtcdFindingSeverity.Warning),
                Finding("QuotaUnknown", EtcdFindingSeverity.Information),
            ]),
        ];
        Assert.Equal(
            [("DiskTooFull", EtcdFindingSeverity.Error), ("NearQuota", EtcdFindingSeverity.Warning)],
            found.Select(f => (f.FindingId, f.Severity))
        );
        Assert.False(new EtcdUpgradeReport { Finding = [.. found], Order = ["m0"] }.CanUpgrade);
    }

    [Fact]
    public void A_size_without_a_known_quota_is_not_checked()
    {
        EtcdFinding finding = Assert.Single(
            UpgradeCheck.FindUnknownQuotas(
                GateStates.Of(GateStates.Up(0), GateStates.Up(1) with { QuotaBytes = 1 }, GateStates.Down(2))
            )
        );
        Assert.Equal(
            (
                "QuotaNotChecked",
                EtcdUpgradeCheck.Quota,
                "The size of the databases was not checked: the quota of m0 is unknown."
            ),
            (finding.FindingId, finding.NotChecked, finding.Message)
        );
    }

    [Fact]
    public void A_snapshot_without_members_lacks_every_member()
    {
        UpgradeContext context = Context("3.6", Running(0, "3.5.32"), Running(1, "3.5.32")) with
        {
            StoredContent = new SnapshotContent(),
        };
        EtcdFinding finding = Assert.Single(MemberStoreCheck.Find(context));
        Assert.Equal(("UpgradeStoreDiffers", EtcdFindingSeverity.Error), (finding.FindingId, finding.Severity));
        Assert.Contains("m0 (10) is missing, m1 (11) is missing", finding.Message);
    }

    [Fact]
    public async Task Large_databases_whose_hashes_are_not_comparable_are_not_hashed_again()
    {
        UpgradeContext context = Context(
            "3.6",
            GateStates.Up(0, s => s with { DbSizeInUse = (1L << 30) + 1 }),
            GateStates.Up(1)
        );
        EtcdFinding notCompared = Finding("HashNotCompared", EtcdFindingSeverity.Information);
        Assert.Equal(EtcdUpgradeCheck.Hash, Assert.Single(await HashCheck.FindAsync(context, notCompared)).NotChecked);
        Assert.Empty(await HashCheck.FindAsync(context, null));
    }

    [Fact]
    public async Task Different_member_lists_block_the_upgrade_and_a_missing_one_is_not_checked()
    {
        MemberEntry[] both = [Entry(0), Entry(1)];
        UpgradeContext different = Context("3.6", Listing(0, both), Listing(1, [Entry(1)]), Listing(2, null));
        IReadOnlyList<EtcdFinding> found = await MemberListCheck.FindAsync(different);
        Assert.Equal(["MemberListDiffers", "MemberListNotChecked"], found.Select(f => f.FindingId));
        Assert.Contains("m1 has none of the others' entries", found[0].Message);
        Assert.Contains("m2 did not return it", found[1].Message);
        Assert.Empty(await MemberListCheck.FindAsync(Context("3.6", Listing(0, both), Listing(1, [both[1], both[0]]))));
    }

    /// <summary>etcd 3.4 does not know the call, and a member with 3.5 answers while the others run 3.4.</summary>
    [Theory]
    [InlineData("3.4.45", true, "DowngradeInProgress")]
    [InlineData("3.5.32", true, "DowngradeInProgress")]
    [InlineData("3.4.45", false)]
    public async Task A_member_with_3_5_tells_whether_a_downgrade_is_running(
        string other,
        bool isRunning,
        params string[] expected
    )
    {
        MemberReading asked = Answering(Running(1, "3.5.30"), _ => isRunning);
        IReadOnlyList<EtcdFinding> found = await DowngradeCheck.FindAsync(Context("3.6", Running(0, other), asked));
        Assert.Equal(expected, found.Select(f => f.FindingId));
        Assert.Empty(await DowngradeCheck.FindAsync(Context("3.5", Running(0, "3.4.45"), Running(1, "3.4.45"))));
    }

    private static UpgradeContext Context(string to, params MemberReading[] readings) =>
        new(
            UpgradeTarget.Parse(to),
            null!,
            GateStates.Of(readings),
            new CallBudget(TimeSpan.FromSeconds(1), CancellationToken.None)
        );

    private static MemberReading Running(int number, string version) =>
        GateStates.Up(number, s => s with { Version = version });

    private static MemberReading Listing(int number, MemberEntry[]? members) =>
        Answering(
            GateStates.Up(number),
            _ => new MemberListReply(
                new ReplyHeader(0xc1, members is null ? 0 : GateStates.Id(number), 1, 1),
                members ?? []
            )
        );

    private static MemberEntry Entry(int number) => new(GateStates.Id(number), $"m{number}", [], [], false);

    private static EtcdFinding Finding(string id, EtcdFindingSeverity severity) =>
        new() { FindingId = id, Severity = severity };

    private static MemberReading Answering(MemberReading reading, Func<string, object> answer)
    {
        IMemberClient client = DispatchProxy.Create<IMemberClient, Answers>();
        ((Answers)client).Answer = answer;
        return reading with { Member = reading.Member with { Client = client } };
    }

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "The proxy derives from it.")]
    private class Answers : DispatchProxy
    {
        public Func<string, object> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            typeof(Task)
                .GetMethod(nameof(Task.FromResult))!
                .MakeGenericMethod(targetMethod!.ReturnType.GenericTypeArguments[0])
                .Invoke(null, [Answer(targetMethod.Name)]);
    }
}
