using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Tells the user, when a stop is requested during a defragmentation, that the run first finishes this member, how long
/// that is predicted to take, and how long it takes at most. The notice is repeated every 30 seconds until the member
/// is finished.
/// </summary>
internal sealed class StopNotice : IDisposable
{
    private readonly string _member;
    private readonly TimeSpan _predicted;
    private readonly TimeSpan _wait;
    private readonly TimeProvider _time;
    private readonly IRunObserver _observer;
    private readonly CancellationTokenRegistration _registration;
    private readonly long _startedAt;
    private long _requestedAt;
    private ITimer? _timer;

    /// <param name="member">The member that is being defragmented, for messages.</param>
    /// <param name="predicted">The predicted duration of the defragmentation, which begins now.</param>
    /// <param name="wait">How long the run waits for the member after a stop.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Receives the notices.</param>
    /// <param name="cancellationToken">The stop request.</param>
    public StopNotice(
        string member,
        TimeSpan predicted,
        TimeSpan wait,
        TimeProvider time,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        (_member, _predicted, _wait, _time, _observer) = (member, predicted, wait, time, observer);
        _startedAt = time.GetTimestamp();
        _registration = wait > TimeSpan.Zero ? cancellationToken.Register(Begin) : default;
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer?.Dispose();
    }

    private void Begin()
    {
        _requestedAt = _time.GetTimestamp();
        _observer.Warn(
            $"StopRequested: Stopping after {_member}, which cannot be interrupted: {Expected()}"
                + $"at most {Seconds(_wait)} s (-StopWaitSeconds)."
        );
        _timer = _time.CreateTimer(
            _ => Remind(),
            null,
            Limits.Defrag.StopNoticeInterval,
            Limits.Defrag.StopNoticeInterval
        );
    }

    private void Remind()
    {
        TimeSpan left = _wait - _time.GetElapsedTime(_requestedAt);
        if (left > TimeSpan.Zero)
            _observer.Warn($"StopRequested: {_member} is still defragmenting. The run ends within {Seconds(left)} s.");
    }

    /// <summary>
    /// The predicted rest of the defragmentation and the checks that follow. A member that takes longer than predicted
    /// has none.
    /// </summary>
    private string Expected()
    {
        TimeSpan left = _predicted - _time.GetElapsedTime(_startedAt);
        return left > TimeSpan.Zero && left < _wait
            ? $"about {Math.Ceiling(left.TotalSeconds).ToString("0", CultureInfo.InvariantCulture)} s, "
            : "";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
