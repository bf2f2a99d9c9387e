namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Tells findings that forbid maintenance from those that it is the answer to, or that do not stand in its way.
/// </summary>
internal sealed class BlockingFindings(IReadOnlySet<EtcdGate> overrides)
{
    public const string NoSpace = ErrorIds.NoSpaceArmed;

    public const string LiveData = ErrorIds.LiveDataOverQuota;

    /// <summary>The first finding that forbids to go on; null when none does.</summary>
    public EtcdFinding? Find(EtcdHealthReport health) => Array.Find(health.Finding, IsObstacle);

    /// <summary>
    /// Whether one of the findings that forbid to go on cannot be overridden: then to override another one does not
    /// help.
    /// </summary>
    public bool AnyHolds(EtcdHealthReport health) =>
        Array.Exists(health.Finding, f => IsObstacle(f) && OverriddenBy(f) is null);

    /// <summary>
    /// A finding that is no obstacle while nothing is defragmented, and that stops each defragmentation; null when
    /// there is none. Asked before anything is changed, so that no run ends half done.
    /// </summary>
    public EtcdFinding? FindAgainstDefrag(EtcdHealthReport health) =>
        Array.Find(health.Finding, f => f.Gate is GateId.DiskSpaceUnknown && !IsOverridden(f));

    /// <summary>What is still wrong after a run that should have left nothing wrong; null when nothing is.</summary>
    public EtcdFinding? FindLeft(EtcdHealthReport health) =>
        Array.Find(health.Finding, f => IsObstacle(f) || IsError(f, NoSpace));

    /// <summary>
    /// The value of <c>-Override</c> that the finding gives way to; null for one that always forbids maintenance.
    /// </summary>
    public static EtcdGate? OverriddenBy(EtcdFinding finding) =>
        finding.Gate is { } gate ? GateOverride.Of(gate) : null;

    public static bool IsFull(EtcdHealthReport health) => Array.Exists(health.Finding, f => f.FindingId == NoSpace);

    private bool IsObstacle(EtcdFinding finding) =>
        finding.Severity is EtcdFindingSeverity.Error
        && finding.FindingId is not (NoSpace or LiveData)
        && !IsOverridden(finding);

    private bool IsOverridden(EtcdFinding finding) => finding.Gate is { } gate && GateOverride.IsIn(overrides, gate);

    private static bool IsError(EtcdFinding finding, string id) =>
        finding.Severity is EtcdFindingSeverity.Error && finding.FindingId == id;
}
