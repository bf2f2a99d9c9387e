namespace EtcdMaint;

/// <summary>Forwards everything to another observer. A derived class overrides what it treats differently.</summary>
/// <param name="next">The other observer.</param>
internal abstract class ForwardingObserver(IRunObserver next) : IRunObserver
{
    /// <summary>The other observer.</summary>
    protected IRunObserver Next { get; } = next;

    public virtual void Emit(object row) => Next.Emit(row);

    public virtual void ReportError(EtcdException error) => Next.ReportError(error);

    public void Warn(string message) => Next.Warn(message);

    public virtual void Inform(string message) => Next.Inform(message);

    public void LogVerbose(string message) => Next.LogVerbose(message);

    public void Report(RunProgress progress) => Next.Report(progress);

    public void RecordLeases(ObservedLeases leases) => Next.RecordLeases(leases);

    public virtual Task<bool> ConfirmAsync(string action, string target) => Next.ConfirmAsync(action, target);
}
