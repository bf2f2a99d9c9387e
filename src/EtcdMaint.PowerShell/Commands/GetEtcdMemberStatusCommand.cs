using System.Management.Automation;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Cmdlets;

/// <summary>Requests the status of all members in parallel and shows it.</summary>
[Cmdlet(VerbsCommon.Get, "EtcdMemberStatus", DefaultParameterSetName = ByChoice)]
[OutputType(typeof(EtcdMemberStatus))]
public sealed class GetEtcdMemberStatusCommand : MemberCommand
{
    private HistoryStore? _history;

    /// <summary>
    /// The file to which a line is appended for each cluster, or a folder with a file for each cluster.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HistoryPath { get; set; }

    private protected override bool ListsMembers => false;

    private protected override void CheckArguments()
    {
        base.CheckArguments();
        _history = HistoryLocation.Open(this, HistoryPath);
    }

    private protected override async Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        HistoryObserver? recorder = _history is null
            ? null
            : new HistoryObserver(_history, observer, TimeProvider.System);
        await work.Connection.Cluster.GetStatusAsync(
            work.IsWhole ? null : work.Members,
            CallTimeout,
            recorder ?? observer,
            cancellationToken
        );
        recorder?.AppendStatus();
    }
}
