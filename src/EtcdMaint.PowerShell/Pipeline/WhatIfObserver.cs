namespace EtcdMaint.Cmdlets;

/// <summary>
/// Says no to every change, behind a cmdlet that only planned: <c>-WhatIf</c> was that cmdlet's switch.
/// </summary>
internal sealed class WhatIfObserver(IRunObserver next) : IRunObserver
{
    public void Emit(object row) => next.Emit(row);

    public void ReportError(EtcdException error) => next.ReportError(error);

    public void Warn(string message) => next.Warn(message);

    public void LogVerbose(string message) => next.LogVerbose(message);

    public void Report(RunProgress progress) => next.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target)
    {
        next.LogVerbose($"Only planned: {action} on {target}.");
        return Task.FromResult(false);
    }
}
