namespace EtcdMaint.Engine.Safety.KnownBugs;

/// <summary>A known bug of etcd, or a limitation of its releases.</summary>
/// <param name="Id">The ID, which is also that of the finding. It never changes.</param>
/// <param name="Severity">An error loses or falsifies data, or stops the cluster. A warning stops one member or gives a
/// wrong answer.</param>
/// <param name="Concerns">When it matters.</param>
/// <param name="Effect">The effect, as the rest of a sentence that begins with the release, without a
/// period</param>
/// <param name="Source">The issue or page that describes it.</param>
/// <param name="Affected">The affected releases.</param>
internal sealed record KnownBug(
    string Id,
    EtcdFindingSeverity Severity,
    BugConcerns Concerns,
    string Effect,
    string Source,
    params BugRange[] Affected
)
{
    /// <summary>
    /// The minor release to which an affected member must not be upgraded, or with a warning should not; null if it
    /// can be upgraded.
    /// </summary>
    public Version? BlocksUpgradeTo { get; init; }

    /// <summary>Whether it concerns only clusters whose authentication is enabled.</summary>
    public bool NeedsAuth { get; init; }

    /// <summary>Whether a cluster must not be upgraded to an affected release.</summary>
    public bool SpoilsUpgradeTo { get; init; }

    /// <summary>Whether an affected member should not be defragmented at all.</summary>
    public bool BlocksDefragmentation { get; init; }

    public bool Affects(Version version) => Affected.Any(r => r.Contains(version));

    /// <summary>The releases with the fix, as text.</summary>
    public string FixedIn => string.Join(", ", Affected.Select(r => r.FixedIn).OfType<Version>());

    /// <summary>The number of an issue or a pull request of etcd, or otherwise the address.</summary>
    public string ShortSource =>
        Source.StartsWith(Repository, StringComparison.Ordinal)
            ? $"etcd-io/etcd#{Source[(Source.LastIndexOf('/') + 1)..]}"
            : Source;

    private const string Repository = "https://github.com/etcd-io/etcd/";

    /// <summary>The address of an issue of etcd.</summary>
    public static string Issue(int number) => $"{Repository}issues/{number}";

    /// <summary>The address of a security advisory of etcd.</summary>
    public static string Advisory(string id) => $"{Repository}security/advisories/{id}";

    /// <summary>The address of a pull request of etcd.</summary>
    public static string Pull(int number) => $"{Repository}pull/{number}";
}
