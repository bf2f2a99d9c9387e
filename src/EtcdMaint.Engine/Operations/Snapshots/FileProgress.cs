namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>Reports the progress of reading a file.</summary>
internal sealed class FileProgress(IRunObserver observer, string activity, string status) : IProgress<double>
{
    public void Report(double value) => observer.Report(new RunProgress(activity, status, value));

    public void End() => observer.Report(new RunProgress(activity, status, 1, IsOver: true));
}
