using System.Text.RegularExpressions;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Help;

/// <summary>docs/etcdctl-variables.md names every variable that an etcdctl knows.</summary>
public sealed partial class EtcdctlVariablePageTests
{
    private static readonly HashSet<string> Some =
    [
        "ETCDCTL_ENDPOINTS",
        "ETCDCTL_CLUSTER",
        "ETCDCTL_INSECURE_TRANSPORT",
    ];

    private static readonly HashSet<string> OnPage =
    [
        .. Row()
            .Matches(Repository.Read("docs/etcdctl-variables.md"))
            .SelectMany(row => Name().Matches(row.Value))
            .Select(name => name.Value),
    ];

    public static TheoryData<string> AllReleases => [.. EtcdReleases.Names];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Every_variable_of_a_release_is_on_the_page(string release)
    {
        ReleaseLookup lookup = await EtcdReleases.FindAsync(release);
        Assert.SkipUnless(lookup.IsAvailable, lookup.Reason);
        IReadOnlySet<string> fromHelp = await EtcdctlVariableNames.FromHelpAsync(lookup.Binaries!, Cancellation);
        IReadOnlySet<string> fromDebug = await EtcdctlVariableNames.FromDebugAsync(lookup.Binaries!, Cancellation);
        Assert.Superset(Some, fromHelp.ToHashSet());
        Assert.Superset(Some, fromDebug.ToHashSet());
        Assert.Empty(fromHelp.Union(fromDebug).Except(OnPage));
    }

    /// <summary>The first column.</summary>
    [GeneratedRegex(@"^\| (`ETCDCTL_[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("ETCDCTL_[A-Z0-9_]+")]
    private static partial Regex Name();
}
