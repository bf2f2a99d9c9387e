using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Reports whether clusters can be upgraded to the next minor release of etcd, in which order, and what prevents it.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "EtcdUpgrade")]
[OutputType(typeof(EtcdUpgradeReport), typeof(bool))]
public sealed class TestEtcdUpgradeCommand : ClusterCheckCommand
{
    private UpgradeTarget? _target;

    private string? _snapshot;

    /// <summary>The release: a minor release such as 3.6, or a patch release such as 3.6.14.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReleaseCompleter))]
    public string To { get; set; } = "";

    /// <summary>A snapshot of the cluster, which is compared with it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SnapshotPath { get; set; }

    /// <summary>The age up to which the snapshot counts.</summary>
    [Parameter]
    [Duration]
    public TimeSpan MaximumSnapshotAge { get; set; } = UpgradeCheckRequest.DefaultMaximumSnapshotAge;

    /// <summary>The points that you have checked yourself, because the module could not.</summary>
    [Parameter]
    [ValidateNotNull]
    public EtcdUpgradeCheck[]? Checked { get; set; }

    private protected override void CheckArguments()
    {
        _target = UpgradeTarget.Parse(To);
        _snapshot = SnapshotPath is null ? null : FullPath(SnapshotPath);
    }

    private protected override async Task<object> CheckAsync(
        EtcdConnection connection,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var request = new UpgradeCheckRequest
        {
            To = _target!,
            SnapshotPath = _snapshot,
            MaximumSnapshotAge = MaximumSnapshotAge,
            Checked = new HashSet<EtcdUpgradeCheck>(Checked ?? []),
            CallTimeout = CallTimeout,
        };
        EtcdUpgradeReport report = await connection.Cluster.CheckUpgradeAsync(request, observer, cancellationToken);
        return Quiet ? report.CanUpgrade is true : report;
    }
}
