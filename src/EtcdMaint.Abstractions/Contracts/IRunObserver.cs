namespace EtcdMaint;

/// <summary>
/// Receives the reports of an operation. Any thread can call it; the user receives the reports in order.
/// </summary>
internal interface IRunObserver
{
    /// <summary>Emits a row to the pipeline.</summary>
    void Emit(object row);

    /// <summary>Reports an error that does not end the operation. The row of the error is emitted first.</summary>
    void ReportError(EtcdException error);

    void Warn(string message);

    /// <summary>
    /// Shows a line after the rows, such as the sum of a plan. <c>-InformationAction Ignore</c> omits it.
    /// </summary>
    void Inform(string message) => LogVerbose(message);

    /// <summary>Logs what the run does, for unattended runs.</summary>
    void LogVerbose(string message);

    void Report(RunProgress progress);

    /// <summary>Records the leases of Kubernetes for the report of a runbook. They are not output.</summary>
    void RecordLeases(ObservedLeases leases) { }

    /// <summary>
    /// Asks the user whether to continue. With <c>-WhatIf</c>, it shows the action and returns false.
    /// </summary>
    Task<bool> ConfirmAsync(string action, string target);
}

/// <summary>The progress of an operation.</summary>
/// <param name="Activity">The activity.</param>
/// <param name="Status">The current state of the activity.</param>
/// <param name="Fraction">From 0 to 1; null if it is unknown.</param>
/// <param name="Remaining">The estimated remaining time.</param>
/// <param name="IsOver">Whether the activity has ended.</param>
internal sealed record RunProgress(
    string Activity,
    string Status,
    double? Fraction = null,
    TimeSpan? Remaining = null,
    bool IsOver = false
);
