namespace EtcdMaint.Cmdlets;

/// <summary>
/// Collects the reports and errors of runs that only plan, for one plan. It declines every change and shows no sentence
/// of <c>-WhatIf</c>.
/// </summary>
internal sealed class PlanCollector : IRunObserver
{
    private readonly List<EtcdMaintenanceReport> _reports = [];

    private readonly List<EtcdException> _errors = [];

    private EtcdConnection[] _order = [];

    private IRunObserver? _next;

    /// <summary>The reports in the order of the connections.</summary>
    public IEnumerable<EtcdMaintenanceReport> Reports =>
        _reports.OrderBy(report => Array.FindIndex(_order, connection => connection.ClusterId == report.ClusterId));

    public IReadOnlyList<EtcdException> Errors => _errors;

    /// <param name="next">Receives warnings, messages and the progress.</param>
    /// <param name="connections">The connections, in the order of the plan.</param>
    public void Begin(IRunObserver next, IReadOnlyList<EtcdConnection> connections) =>
        (_next, _order) = (next, [.. connections]);

    public void Emit(object row)
    {
        if (row is EtcdMaintenanceReport report)
            lock (_reports)
                _reports.Add(report);
    }

    public void ReportError(EtcdException error)
    {
        lock (_errors)
            _errors.Add(error);
    }

    public void Warn(string message) => _next!.Warn(message);

    public void Inform(string message) => _next!.LogVerbose(message);

    public void LogVerbose(string message) => _next!.LogVerbose(message);

    public void Report(RunProgress progress) => _next!.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target) => Task.FromResult(false);
}
