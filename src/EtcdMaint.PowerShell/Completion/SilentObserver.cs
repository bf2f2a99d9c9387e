namespace EtcdMaint.Cmdlets;

/// <summary>Ignores all messages, for completion while the user types.</summary>
internal sealed class SilentObserver : IRunObserver
{
    public static readonly SilentObserver Instance = new();

    public void Emit(object row) { }

    public void ReportError(EtcdException error) { }

    public void Warn(string message) { }

    public void Inform(string message) { }

    public void LogVerbose(string message) { }

    public void Report(RunProgress progress) { }

    public Task<bool> ConfirmAsync(string action, string target) => Task.FromResult(false);
}
