using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Writes progress. It always writes the first and the last record of an activity, and the others at most five times a
/// second. Only the pipeline thread calls it.
/// </summary>
internal sealed class ProgressWriter(Cmdlet cmdlet)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Activity> _activities = [];

    public void Write(RunProgress progress)
    {
        if (!_activities.TryGetValue(progress.Activity, out Activity? activity))
            _activities[progress.Activity] = activity = new Activity(_activities.Count + 1);
        else if (!progress.IsOver && TimeProvider.System.GetElapsedTime(activity.WrittenAt) < PollInterval)
            return;

        activity.WrittenAt = TimeProvider.System.GetTimestamp();
        cmdlet.WriteProgress(ToRecord(progress, activity.Id));
    }

    private static ProgressRecord ToRecord(RunProgress progress, int id) =>
        new(id, Shown(progress.Activity), Shown(progress.Status))
        {
            PercentComplete = progress.Fraction is double fraction ? (int)(Math.Clamp(fraction, 0, 1) * 100) : -1,
            SecondsRemaining = progress.Remaining is TimeSpan left
                ? (int)Math.Clamp(left.TotalSeconds, 0, int.MaxValue)
                : -1,
            RecordType = progress.IsOver ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };

    // ProgressRecord rejects empty text.
    private static string Shown(string text) => text.Length > 0 ? PlainText.Of(text) : " ";

    private sealed class Activity(int id)
    {
        public int Id => id;

        public long WrittenAt { get; set; }
    }
}
