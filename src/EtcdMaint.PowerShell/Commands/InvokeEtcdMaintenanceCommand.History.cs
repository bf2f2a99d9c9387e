using System.Management.Automation;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Cmdlets;

/// <content>The history of the sizes, from which Get-EtcdForecast makes its forecasts.</content>
public sealed partial class InvokeEtcdMaintenanceCommand
{
    private HistoryStore? _history;

    /// <summary>
    /// The file to which a line is appended for each run, or a folder with a file for each cluster.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HistoryPath { get; set; }

    private protected override void CheckArguments()
    {
        base.CheckArguments();
        _history = HistoryLocation.Open(this, HistoryPath);
    }

    private IRunObserver WithHistory(IRunObserver observer) =>
        _history is null ? observer : new HistoryObserver(_history, observer, TimeProvider.System);
}
