namespace EtcdMaint.Fleet;

/// <summary>Forwards everything to another observer, and keeps the report of its cluster.</summary>
internal sealed class ReportCapturingObserver(IRunObserver next) : ForwardingObserver(next)
{
    /// <summary>The report; null until the run has ended.</summary>
    public EtcdMaintenanceReport? Captured { get; private set; }

    /// <summary>Whether the run was allowed to make a change. A run asks directly before each change.</summary>
    public bool WasConfirmed { get; private set; }

    public override void Emit(object row)
    {
        Captured = row as EtcdMaintenanceReport ?? Captured;
        Next.Emit(row);
    }

    public override async Task<bool> ConfirmAsync(string action, string target)
    {
        bool isYes = await Next.ConfirmAsync(action, target).ConfigureAwait(false);
        WasConfirmed |= isYes;
        return isYes;
    }
}
