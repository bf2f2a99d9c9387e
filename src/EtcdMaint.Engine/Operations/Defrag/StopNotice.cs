using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Tells the user, as soon as a stop is requested while a member is at work, that this member is finished first and how
/// long that may take; and again every half minute until it is.
/// </summary>
internal sealed class StopNotice : IDisposable
{
    private readonly string _member;
    private readonly TimeSpan _wait;
    private readonly TimeProvider _time;
    private readonly IRunObserver _observer;
    private readonly CancellationTokenRegistration _registration;
    private long _requestedAt;
    private ITimer? _timer;

    /// <param name="member">The member at work, as people call it.</param>
    /// <param name="wait">How long the run waits for it after a stop.</param>
    /// <param name="time">The time.</param>
    /// <param name="observer">Is told.</param>
    /// <param name="cancellationToken">The stop.</param>
    public StopNotice(
        string member,
        TimeSpan wait,
        TimeProvider time,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        (_member, _wait, _time, _observer) = (member, wait, time, observer);
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
            $"StopRequested: the run ends after {_member}, which is finished and verified first. This takes "
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
            _observer.Warn(
                $"StopRequested: {_member} is still defragmenting. The run ends in at most {Seconds(left)} s."
            );
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
