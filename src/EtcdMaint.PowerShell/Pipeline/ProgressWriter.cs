using System.Globalization;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Writes progress. It always writes the first and the last record of an activity, and the others at most five times a
/// second. Once a second it writes the last record again, with the time that remains by then. If the work reports no
/// activity for a second, the cmdlet itself is shown as one, so that a person never waits longer without a sign. Only
/// the pipeline thread calls it.
/// </summary>
internal sealed class ProgressWriter(PSCmdlet cmdlet)
{
    /// <summary>The interval at which <see cref="Tick"/> is called.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly long _startedAt = TimeProvider.System.GetTimestamp();

    private readonly Dictionary<string, Activity> _activities = [];

    private long _quietSince = TimeProvider.System.GetTimestamp();

    private bool _isOwnShown;

    private string OwnActivity => cmdlet.MyInvocation.MyCommand?.Name ?? "EtcdMaint";

    /// <summary>What the cmdlet does while no activity is reported; null if it is not known.</summary>
    public string? Doing { get; set; }

    public void Write(RunProgress progress)
    {
        HideOwn();
        WriteActivity(progress);
    }

    /// <summary>Writes each activity again that was not written for a second, or the cmdlet as an activity.</summary>
    public void Tick()
    {
        if (_isOwnShown)
        {
            if (Age(_activities[OwnActivity].WrittenAt) >= TickInterval)
                WriteOwn();
            return;
        }
        Activity[] active = [.. _activities.Values.Where(activity => !activity.Last.IsOver)];
        foreach (Activity activity in active.Where(activity => Age(activity.WrittenAt) >= TickInterval))
            Write(activity);
        if (active.Length == 0 && Age(_quietSince) >= TickInterval)
            WriteOwn();
    }

    private void WriteOwn()
    {
        _isOwnShown = true;
        string doing = Doing?.TrimEnd('.') ?? "Waiting for an answer";
        WriteActivity(new RunProgress(OwnActivity, $"{doing}, {Seconds(Age(_startedAt))} s"));
    }

    /// <summary>Removes every activity that is still shown.</summary>
    public void Finish()
    {
        foreach (Activity activity in _activities.Values.Where(activity => !activity.Last.IsOver).ToArray())
            WriteActivity(activity.Last with { IsOver = true });
    }

    private static TimeSpan Age(long timestamp) => TimeProvider.System.GetElapsedTime(timestamp);

    private void HideOwn()
    {
        if (!_isOwnShown)
            return;
        _isOwnShown = false;
        WriteActivity(_activities[OwnActivity].Last with { IsOver = true });
    }

    private void WriteActivity(RunProgress progress)
    {
        bool isFirst = !_activities.TryGetValue(progress.Activity, out Activity? activity);
        if (activity is null)
            _activities[progress.Activity] = activity = new Activity(_activities.Count + 1, progress);
        isFirst |= activity.Last.IsOver;
        activity.Last = progress;
        activity.ReportedAt = TimeProvider.System.GetTimestamp();
        if (progress.IsOver)
            _quietSince = activity.ReportedAt;
        if (isFirst || progress.IsOver || Age(activity.WrittenAt) >= PollInterval)
            Write(activity);
    }

    private void Write(Activity activity)
    {
        activity.WrittenAt = TimeProvider.System.GetTimestamp();
        cmdlet.WriteProgress(ToRecord(AsOfNow(activity), activity.Id));
    }

    /// <summary>An activity that takes longer than predicted shows how long it has been working instead.</summary>
    private static RunProgress AsOfNow(Activity activity)
    {
        RunProgress last = activity.Last;
        TimeSpan age = Age(activity.ReportedAt);
        return last.IsOver || last.Remaining is not { } predicted ? last
            : predicted > age ? last with { Remaining = predicted - age }
            : last with { Remaining = null, Status = $"{last.Status}, {Seconds(age)} s so far" };
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    private static ProgressRecord ToRecord(RunProgress progress, int id) =>
        new(id, Shown(progress.Activity), Shown(progress.Status))
        {
            PercentComplete = progress.Fraction is double fraction ? (int)(Math.Clamp(fraction, 0, 1) * 100) : -1,
            SecondsRemaining = progress.Remaining is TimeSpan left
                ? (int)Math.Clamp(Math.Ceiling(left.TotalSeconds), 0, int.MaxValue)
                : -1,
            RecordType = progress.IsOver ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };

    // ProgressRecord rejects empty text.
    private static string Shown(string text) => text.Length > 0 ? PlainText.Of(text) : " ";

    private sealed class Activity(int id, RunProgress last)
    {
        public int Id => id;

        public RunProgress Last { get; set; } = last;

        public long ReportedAt { get; set; }

        public long WrittenAt { get; set; }
    }
}
