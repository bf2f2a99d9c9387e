namespace EtcdMaint;

/// <summary>
/// Where an operation tells what it does. May be called from any thread; what it is told reaches the user in order.
/// </summary>
internal interface IRunObserver
{
    /// <summary>A row for the pipeline.</summary>
    void Emit(object row);

    /// <summary>An error that does not end the operation. The row that it belongs to comes first.</summary>
    void ReportError(EtcdException error);

    void Warn(string message);

    /// <summary>The story of the run, for unattended logs.</summary>
    void LogVerbose(string message);

    void Report(RunProgress progress);

    /// <summary>Asks whether to go on; under <c>-WhatIf</c> it shows the question and says no.</summary>
    Task<bool> ConfirmAsync(string action, string target);
}

/// <summary>How far an operation is.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Fraction">0 to 1; null when it cannot be said.</param>
/// <param name="Remaining">Estimated time left.</param>
/// <param name="IsOver">Whether the activity has ended.</param>
internal sealed record RunProgress(
    string Activity,
    string Status,
    double? Fraction = null,
    TimeSpan? Remaining = null,
    bool IsOver = false
);
