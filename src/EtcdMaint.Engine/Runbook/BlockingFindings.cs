namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Separates findings that prevent maintenance from findings that maintenance resolves or that do not concern it.
/// </summary>
internal sealed class BlockingFindings(IReadOnlySet<EtcdGate> overrides)
{
    public const string NoSpace = ErrorIds.NoSpaceArmed;

    public const string LiveData = ErrorIds.LiveDataOverQuota;

    /// <summary>Returns the first finding that prevents maintenance, or null if there is none.</summary>
    public EtcdFinding? Find(EtcdHealthReport health) => health.Finding.FirstOrDefault(IsObstacle);

    /// <summary>
    /// Whether one of the findings that prevent maintenance cannot be overridden. Overriding another finding then does
    /// not help.
    /// </summary>
    public bool AnyHolds(EtcdHealthReport health) => health.Finding.Any(f => IsObstacle(f) && OverriddenBy(f) is null);

    /// <summary>
    /// Returns a finding that prevents only a defragmentation, or null if there is none. It is checked before anything
    /// is changed, so that no run ends half done.
    /// </summary>
    public EtcdFinding? FindAgainstDefrag(EtcdHealthReport health) =>
        health.Finding.FirstOrDefault(f => f.Gate is GateId.DiskSpaceUnknown && !IsOverridden(f));

    /// <summary>Returns a finding that should not remain after a successful run, or null if there is none.</summary>
    public EtcdFinding? FindLeft(EtcdHealthReport health) =>
        health.Finding.FirstOrDefault(f => IsObstacle(f) || IsError(f, NoSpace));

    /// <summary>
    /// Returns the value of <c>-Override</c> for the finding, or null if the finding always prevents maintenance.
    /// </summary>
    public static EtcdGate? OverriddenBy(EtcdFinding finding) =>
        finding.Gate is { } gate ? GateOverride.Of(gate) : null;

    public static bool IsFull(EtcdHealthReport health) => health.Finding.Any(f => f.FindingId == NoSpace);

    private bool IsObstacle(EtcdFinding finding) =>
        finding.Severity is EtcdFindingSeverity.Error
        && finding.FindingId is not (NoSpace or LiveData)
        && !IsOverridden(finding);

    private bool IsOverridden(EtcdFinding finding) => finding.Gate is { } gate && GateOverride.IsIn(overrides, gate);

    private static bool IsError(EtcdFinding finding, string id) =>
        finding.Severity is EtcdFindingSeverity.Error && finding.FindingId == id;
}
