using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Snapshot;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>What the checks of an upgrade share.</summary>
/// <param name="To">The release.</param>
/// <param name="Cluster">The connections to the members.</param>
/// <param name="State">The state of the cluster.</param>
/// <param name="Limit">The time limit of a call.</param>
internal sealed record UpgradeContext(UpgradeTarget To, ClusterContext Cluster, ClusterState State, CallBudget Limit)
{
    /// <summary>The user with whom the connection logs in, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>The report about the snapshot file, or null if none was specified.</summary>
    public EtcdSnapshotReport? Snapshot { get; init; }

    /// <summary>What the snapshot file says about the cluster, if it is intact and belongs to it.</summary>
    public SnapshotContent? StoredContent { get; init; }

    /// <summary>The members with their versions, by name.</summary>
    public IReadOnlyList<VersionedMember> Members { get; } =
    [
        .. State
            .Readings.Select(r => (Reading: r, Version: EtcdVersion.Parse(r.Status?.Version)))
            .Where(r => r.Version is not null)
            .Select(r => new VersionedMember(r.Reading, r.Version!)),
    ];

    /// <summary>The members that answered without a version that can be read.</summary>
    public IEnumerable<ResolvedMember> Unread =>
        State.Readings.Where(r => r.Status is { } s && EtcdVersion.Parse(s.Version) is null).Select(r => r.Member);

    /// <summary>The members that do not run the release yet.</summary>
    public IEnumerable<VersionedMember> Remaining => Members.Where(m => !To.IsReachedBy(m.Version));

    /// <summary>The lowest version of a member.</summary>
    public Version Lowest => Members.Min(m => m.Version)!;

    /// <summary>The lowest minor release of a member, which is that of the cluster.</summary>
    public Version LowestMinor => EtcdVersion.MinorOf(Lowest);

    /// <summary>Whether all members run the release.</summary>
    public bool IsDone => Members.Count == State.Readings.Count && !Remaining.Any();

    public static string Names(IEnumerable<VersionedMember> members) => string.Join(", ", members);
}

/// <summary>A member that reported its version.</summary>
internal sealed record VersionedMember(MemberReading Reading, Version Version)
{
    public ResolvedMember Member => Reading.Member;

    public override string ToString() => Member.ToString();
}
