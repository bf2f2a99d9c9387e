namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>Reads everything and keeps nothing, like a pipeline that writes its rows to a file.</summary>
internal sealed class ForgetfulObserver : IRunObserver
{
    public void Emit(object row) { }

    public void ReportError(EtcdException error) { }

    public void Warn(string message) { }

    public void LogVerbose(string message) { }

    public void Report(RunProgress progress) { }

    public Task<bool> ConfirmAsync(string action, string target) => Task.FromResult(true);
}
