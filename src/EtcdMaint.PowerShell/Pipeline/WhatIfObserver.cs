namespace EtcdMaint.Cmdlets;

/// <summary>
/// Declines every change after a cmdlet that only planned, because <c>-WhatIf</c> was specified for that cmdlet.
/// </summary>
internal sealed class WhatIfObserver(IRunObserver next) : ForwardingObserver(next)
{
    public override Task<bool> ConfirmAsync(string action, string target)
    {
        Next.LogVerbose($"Only planned: {action} on {target}.");
        return Task.FromResult(false);
    }
}
