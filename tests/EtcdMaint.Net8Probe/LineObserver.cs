namespace EtcdMaint.Net8Probe;

/// <summary>
/// Writes what an operation reports as lines. The lines that start with a space are only for a reader.
/// </summary>
internal sealed class LineObserver : IRunObserver
{
    public void Emit(object row) => Console.WriteLine(Line(row));

    public void ReportError(EtcdException error) => Console.WriteLine($"error {error.ErrorId}: {error.Message}");

    public void Warn(string message) => Console.WriteLine($" warning: {message}");

    public void LogVerbose(string message) => Console.WriteLine($" {message}");

    public void Report(RunProgress progress) { }

    public Task<bool> ConfirmAsync(string action, string target) => Task.FromResult(true);

    private static string Line(object row) =>
        row switch
        {
            EtcdMemberStatus status => $"status {status.MemberName} {status.Version}",
            EtcdCompactionResult compaction => $"compaction {compaction.MemberName} {compaction.Status}",
            EtcdDefragResult defrag => $"defragmentation {defrag.MemberName} {defrag.Status}",
            EtcdAlarm alarm => $"alarm {alarm.MemberName} {alarm.AlarmType} {alarm.Status}",
            _ => $"{row.GetType().Name} {row}",
        };
}
