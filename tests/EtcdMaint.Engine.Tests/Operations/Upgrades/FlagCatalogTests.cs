using EtcdMaint.Engine.Operations.Upgrades;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Upgrades;

/// <summary>The table of removed flags, compared with the programs of each release.</summary>
[Trait("Kind", "Real")]
public sealed class FlagCatalogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3.5", "3.4", "3.5.30")]
    [InlineData("3.6", "3.5.30", "3.6")]
    [InlineData("3.7", "3.6", "3.7")]
    public async Task Each_flag_is_known_before_the_release_and_unknown_in_it(string minor, string before, string after)
    {
        RemovedFlag[] removed = [.. FlagCatalog.All.Where(f => f.RemovedIn == Version.Parse(minor) && f.Value is null)];
        Assert.NotEmpty(removed);
        EtcdBinaries old = await Releases.OrSkipAsync(before);

        // This flag came to 3.4 in 3.4.31, for downgrades.
        foreach (RemovedFlag flag in removed.Where(f => f.Flag != "next-cluster-version-compatible"))
            Assert.True(await IsKnownAsync(old, flag.Flag), $"{old.Version} does not know --{flag.Flag}.");
        EtcdBinaries current = await Releases.OrSkipAsync(after);
        foreach (RemovedFlag flag in removed)
            Assert.False(await IsKnownAsync(current, flag.Flag), $"{current.Version} knows --{flag.Flag}.");
        foreach (string flag in removed.Select(f => f.Replacement).OfType<string>().SelectMany(Flags).Distinct())
            Assert.True(await IsKnownAsync(current, flag), $"{current.Version} does not know --{flag}.");
    }

    private static IEnumerable<string> Flags(string replacement) =>
        replacement
            .Split(' ')
            .Where(word => word.StartsWith("--", StringComparison.Ordinal))
            .Select(word => word[2..].Split('=')[0].TrimEnd(','));

    /// <summary>etcd checks all flags before it prints its version.</summary>
    private static async Task<bool> IsKnownAsync(EtcdBinaries binaries, string flag)
    {
        CommandResult result = await Command.RunAsync(
            binaries.Etcd,
            [$"--{flag}=1", "--version"],
            TimeSpan.FromSeconds(10),
            cancellation: Cancellation
        );
        return !$"{result.Output}{result.Errors}".Contains($"not defined: -{flag}", StringComparison.Ordinal);
    }
}
