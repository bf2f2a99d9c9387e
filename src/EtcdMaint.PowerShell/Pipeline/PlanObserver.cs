namespace EtcdMaint.Cmdlets;

/// <summary>Says no to every change, behind a cmdlet that only planned: <c>-WhatIf</c> was that cmdlet's switch.</summary>
internal sealed class PlanObserver(IRunObserver next) : IRunObserver
{
    public void Emit(object row) => next.Emit(row);

    public void Fail(EtcdException error) => next.Fail(error);

    public void Warn(string message) => next.Warn(message);

    public void Tell(string message) => next.Tell(message);

    public void Report(RunProgress progress) => next.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target)
    {
        next.Tell($"Only planned: {action} on {target}.");
        return Task.FromResult(false);
    }
}
