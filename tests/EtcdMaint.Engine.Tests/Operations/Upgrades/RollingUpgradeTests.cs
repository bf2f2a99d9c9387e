using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Upgrades;

/// <summary>Real upgrades, member by member in the order of the check, with a check between the steps.</summary>
[Trait("Kind", "Real")]
public sealed class RollingUpgradeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ThrowAwayFolder _folder = ThrowAwayFolder.Create("upgrade");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData("3.4", "3.5.30", "3.5", "3.6")]
    [InlineData("3.5.30", "3.6", "3.6", "3.7")]
    [InlineData("3.6", "3.7", "3.7", "3.8")]
    public async Task Each_yes_is_carried_out_until_all_members_run_the_release(
        string from,
        string with,
        string to,
        string twoSteps
    )
    {
        EtcdBinaries next = await Releases.OrSkipAsync(with);
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(from) }
        );
        for (int i = 0; i < 20; i++)
            await real.Etcd.KeyValues.PutAsync($"key/{i}", "value", cancellation: Cancellation);
        await real.CompactAsync(10);
        var run = new UpgradeRun(real.Cluster, _folder.FullPath, output);

        // The storage has its version a few seconds after the start of a new cluster.
        await Poll.UntilAsync(
            async _ => (await run.CheckAsync(to, [])).Finding.All(f => f.FindingId != "StorageVersionBehind"),
            TimeSpan.FromSeconds(20),
            "the storage has its version",
            Cancellation
        );

        // Without a snapshot, and over endpoints that show neither flags nor disks, the answer is open.
        EtcdUpgradeReport open = await run.CheckAsync(to, []);
        Assert.Null(open.CanUpgrade);
        Assert.Equal(
            to == "3.6"
                ? [EtcdUpgradeCheck.Disk, EtcdUpgradeCheck.Flag, EtcdUpgradeCheck.Snapshot, EtcdUpgradeCheck.V2Store]
                : [EtcdUpgradeCheck.Disk, EtcdUpgradeCheck.Flag, EtcdUpgradeCheck.Snapshot],
            open.NotChecked
        );
        Assert.Equal(
            ["UpgradeSkipsMinor"],
            (await run.CheckAsync(twoSteps)).Finding.Where(IsError).Select(f => f.FindingId).Distinct().Take(1)
        );

        await run.SaveAsync();
        string leader = (await real.Etcd.LeaderAsync(Cancellation)).Name;
        EtcdUpgradeReport report = await run.CheckAsync(to);
        Assert.Equal([.. real.Etcd.Members.Select(m => m.Name).Where(n => n != leader), leader], report.Order);
        for (int left = 3; left > 0; left--)
        {
            Assert.True(report.CanUpgrade, report.ToString());
            Assert.Equal(left, report.Order.Count);
            Assert.Equal(left < 3, report.Finding.Any(f => f.FindingId == "RollingUpgrade"));
            await real.Etcd.Members.First(m => m.Name == report.Order[0]).UpgradeAsync(next, Cancellation);
            await real.Etcd.LeaderAsync(Cancellation);
            await real.Etcd.KeyValues.PutAsync($"after/{left}", "value", cancellation: Cancellation);
            await run.SaveAsync();
            report = await run.CheckAsync(to);
        }
        Assert.Equal((true, false), (report.IsDone, report.CanUpgrade));
        Assert.Empty(report.Order);
        Assert.All(report.MemberStatus, m => Assert.Equal(next.Version.ToString(), m.Version));
        Assert.Equal("value", await real.Etcd.KeyValues.GetAsync("key/19", cancellation: Cancellation));
    }

    /// <summary>
    /// 3.5.16 does not store the promotion of a learner where 3.6 looks for it. With a later patch release, the start
    /// of the member corrects its entry on the others.
    /// </summary>
    [Fact]
    public async Task A_learner_and_its_promotion_block_the_upgrade_until_a_patch_update_has_corrected_the_store()
    {
        EtcdBinaries patched = await Releases.OrSkipAsync("3.5.30");
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 1, Binaries = await Releases.OrSkipAsync("3.5.16") }
        );
        var run = new UpgradeRun(real.Cluster, _folder.FullPath, output);
        ClusterMember learner = await real.Etcd.AddLearnerAsync(Cancellation);
        Assert.Contains("UpgradeLearner", Errors(await run.CheckAsync("3.6")));

        await Poll.UntilAsync(
            async _ => (await real.Etcd.EtcdctlAsync("member", "promote", learner.Id)).Succeeded,
            TimeSpan.FromSeconds(20),
            "the learner is promoted",
            Cancellation
        );
        await run.SaveAsync();
        EtcdUpgradeReport promoted = await run.CheckAsync("3.6");
        Assert.Equal(
            ["PromotionNotPersisted", "UpgradeStoreDiffers", "ZombieMembers"],
            Errors(promoted).Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            $"{learner.Name} ({learner.Id}) is a learner there and a voter in fact",
            promoted.Finding.First(f => f.FindingId == "UpgradeStoreDiffers").Message
        );
        Assert.NotNull(promoted.Finding.First(f => f.FindingId == "ZombieMembers").Source);

        // A patch update is the way out, and needs the same points.
        EtcdUpgradeReport update = await run.CheckAsync("3.5.30");
        while (!update.IsDone)
        {
            Assert.True(update.CanUpgrade, update.ToString());
            await real.Etcd.Members.First(m => m.Name == update.Order[0]).UpgradeAsync(patched, Cancellation);
            await real.Etcd.LeaderAsync(Cancellation);
            await run.SaveAsync();
            update = await run.CheckAsync("3.5.30");
        }

        // The first update happened while the other member still ignored the entry that a member publishes of itself.
        if (Errors(await run.CheckAsync("3.6")).Any())
        {
            await learner.RestartAsync(Cancellation);
            await real.Etcd.LeaderAsync(Cancellation);
            await run.SaveAsync();
        }
        Assert.True((await run.CheckAsync("3.6")).CanUpgrade);

        // A member of the file that the cluster does not have would return in 3.6.
        await real.Etcd.RemoveMemberAsync(learner, Cancellation);
        EtcdUpgradeReport removed = await run.CheckAsync("3.6");
        Assert.Equal(["UpgradeStoreDiffers"], Errors(removed));
        Assert.Contains($"{learner.Name} ({learner.Id}) is not a member", removed.Finding[0].Message);
    }

    private static IEnumerable<string> Errors(EtcdUpgradeReport report) =>
        report.Finding.Where(IsError).Select(f => f.FindingId);

    private static bool IsError(EtcdFinding finding) => finding.Severity is EtcdFindingSeverity.Error;
}
