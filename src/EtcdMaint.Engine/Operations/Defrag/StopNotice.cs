using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Tells the user, when a stop is requested during a defragmentation, that the run first finishes this member, and how
/// long that may take. The notice is repeated every 30 seconds until the member is finished.
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

    /// <param name="member">The member that is being defragmented, for messages.</param>
    /// <param name="wait">How long the run waits for the member after a stop.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Receives the notices.</param>
    /// <param name="cancellationToken">The stop request.</param>
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
            $"StopRequested: the run ends after {_member}, which is finished and verified first. This "
                + $"takes up to {Seconds(_wait)} s (-StopWaitSeconds)."
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

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
