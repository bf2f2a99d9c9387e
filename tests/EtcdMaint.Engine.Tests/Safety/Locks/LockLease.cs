using System.Globalization;
using System.Text.RegularExpressions;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>The only lease of a cluster, as etcd reports it, with the keys that expire with it.</summary>
internal sealed partial record LockLease(string Id, TimeSpan Granted, TimeSpan Remaining, string Keys)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<LockLease> ReadAsync(TestEtcdCluster etcd)
    {
        string id = Assert.Single(Lines((await etcd.EtcdctlAsync("lease", "list")).OutputOrThrow())[1..]);
        string told = (await etcd.EtcdctlAsync("lease", "timetolive", id, "--keys")).OutputOrThrow();
        Match match = Told().Match(told);
        Assert.True(match.Success, told);
        return new LockLease(id, Seconds(match.Groups[1]), Seconds(match.Groups[2]), match.Groups[3].Value);
    }

    /// <summary>
    /// Waits until the lock of a run that could not release it has expired; a short test run revokes the lease instead.
    /// </summary>
    public static async Task ExpireAsync(TestEtcdCluster etcd)
    {
        if (!LongTests.AreWanted)
            (await etcd.EtcdctlAsync("lease", "revoke", (await ReadAsync(etcd)).Id)).OutputOrThrow();
        await Poll.UntilAsync(
            async token => await etcd.KeyValues.GetAsync("etcdmaint/lock", cancellation: token) is null,
            TimeSpan.FromSeconds(90),
            "the lease of the ended run has expired",
            Cancellation
        );
    }

    /// <summary>The same if the lock may have been released already.</summary>
    public static async Task ExpireIfLeftAsync(TestEtcdCluster etcd)
    {
        if (await etcd.KeyValues.GetAsync("etcdmaint/lock", cancellation: Cancellation) is not null)
            await ExpireAsync(etcd);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static TimeSpan Seconds(Group digits) =>
        TimeSpan.FromSeconds(int.Parse(digits.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"granted with TTL\((\d+)s\), remaining\((\d+)s\), attached keys\(\[(.*)\]\)")]
    private static partial Regex Told();
}
