namespace EtcdMaint.Cmdlets;

/// <summary>
/// Declines every change after a cmdlet that only planned, because <c>-WhatIf</c> was specified for that cmdlet.
/// </summary>
internal sealed class WhatIfObserver(IRunObserver next) : IRunObserver
{
    public void Emit(object row) => next.Emit(row);

    public void ReportError(EtcdException error) => next.ReportError(error);

    public void Warn(string message) => next.Warn(message);

    public void Inform(string message) => next.Inform(message);

    public void LogVerbose(string message) => next.LogVerbose(message);

    public void Report(RunProgress progress) => next.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target)
    {
        next.LogVerbose($"Only planned: {action} on {target}.");
        return Task.FromResult(false);
    }
}
