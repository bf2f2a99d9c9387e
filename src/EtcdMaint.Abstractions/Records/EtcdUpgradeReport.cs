namespace EtcdMaint;

/// <summary>Whether one cluster can be upgraded to the next minor release of etcd, and in which order.</summary>
public sealed class EtcdUpgradeReport
{
    /// <summary>The name of the cluster in the connection.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The ID of the cluster, in lower-case hexadecimal; empty if no member answered.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>
    /// Whether the next member of <see cref="Order"/> can be upgraded now. It is true only if every point was checked
    /// or is in the parameter <c>-Checked</c>, false if there is an error or nothing to upgrade, and null if a point
    /// was not checked, or if the members that may be left to upgrade did not report their versions.
    /// </summary>
    public bool? CanUpgrade =>
        IsDone || Finding.Any(f => f.Severity is EtcdFindingSeverity.Error) ? false
        : NotChecked.Count > 0 || Order.Count == 0 ? null
        : true;

    /// <summary>Whether all members run the release already.</summary>
    public bool IsDone { get; internal init; }

    /// <summary>The lowest version of a member; null if no member reported its version.</summary>
    public string? From
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The release to which the cluster is to be upgraded, for example <c>3.6</c> or <c>3.6.14</c>.</summary>
    public string To
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>
    /// The names of the members that do not run the release yet, in the order in which to upgrade them: the followers
    /// by name, then the leader.
    /// </summary>
    public EtcdList<string> Order
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>The findings, the most severe first.</summary>
    public EtcdList<EtcdFinding> Finding { get; internal init; } = [];

    /// <summary>The points that were not checked and are not in the parameter <c>-Checked</c>.</summary>
    public EtcdList<EtcdUpgradeCheck> NotChecked { get; internal init; } = [];

    /// <summary>The status of the members.</summary>
    public EtcdList<EtcdMemberStatus> MemberStatus { get; internal init; } = [];

    /// <summary>The report about the snapshot file; null if none was specified.</summary>
    public EtcdSnapshotReport? Snapshot { get; internal init; }

    /// <summary>The time at which the check began.</summary>
    public DateTimeOffset CheckedAt { get; internal init; }

    /// <summary>The verdict, and the next member or the most severe finding.</summary>
    public override string ToString() =>
        $"{ClusterName}: "
        + CanUpgrade switch
        {
            _ when IsDone => $"runs {To}",
            true => $"{Order.FirstOrDefault()} can be upgraded to {To}",
            _ => Finding.FirstOrDefault()?.ToString() ?? $"cannot be upgraded to {To}",
        };
}
