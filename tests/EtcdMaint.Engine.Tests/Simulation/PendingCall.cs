using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>Answers a call now, or reports that it cannot yet; throws the server's refusal.</summary>
internal delegate bool Serve<T>(SimulatedMember member, out T reply);

/// <summary>
/// The state of a call: sent, accepted by the member, answered; or interrupted at any of these points.
/// </summary>
internal abstract class PendingCall
{
    public abstract bool IsOver { get; }

    /// <summary>Advances as far as possible; true if it has advanced.</summary>
    public abstract bool Advance();

    /// <summary>The connection breaks. A defragmentation of the member continues.</summary>
    public abstract void Break(SimulatedMember member);

    /// <summary>The member's process ends, and with it all connections.</summary>
    public abstract void Die(SimulatedMember member);
}

internal sealed class PendingCall<T> : PendingCall
{
    private readonly SimulatedMember _at;
    private readonly CallBudget _limit;
    private readonly Serve<T> _serve;
    private readonly Action<SimulatedMember>? _arrive;
    private readonly TaskCompletionSource<T> _answer = new();
    private bool _mayArrive;
    private bool _hasArrived;
    private bool _mayReturn;
    private bool _isServed;
    private T _reply = default!;
    private SimulatedMember _member;
    private readonly SimulatedTime _time;

    public PendingCall(
        SimulatedMember at,
        CallBudget limit,
        TimeSpan latency,
        SimulatedTime time,
        Serve<T> serve,
        Action<SimulatedMember>? arrive
    )
    {
        (_at, _member, _limit, _serve, _arrive, _time, Latency) = (at, at, limit, serve, arrive, time, latency);
        time.After(latency, () => _mayArrive = true);
        time.After(limit.Timeout, () => SetFailure(CallFailure.TimedOut));
    }

    private TimeSpan Latency { get; }

    public Task<T> Answer => _answer.Task;

    public override bool IsOver => _answer.Task.IsCompleted;

    public override bool Advance()
    {
        if (IsOver)
            return false;
        if (_limit.Stop.IsCancellationRequested)
            return _answer.TrySetCanceled(_limit.Stop);
        if (!_mayArrive || _at.Network is NetworkState.BlackHole)
            return false;
        if (!_hasArrived)
            return Arrive();
        if (!_isServed)
            return TryServe();
        return _mayReturn && _answer.TrySetResult(_reply);
    }

    public override void Break(SimulatedMember member)
    {
        if (member == _at && _mayArrive)
            SetFailure(CallFailure.ConnectionLost);
    }

    public override void Die(SimulatedMember member)
    {
        if (member == _member && _hasArrived)
            SetFailure(CallFailure.ConnectionLost);
    }

    private bool Arrive()
    {
        _member = _at.StandIn ?? _at;
        if (_at.Network is NetworkState.Refusing || !_member.IsUp)
            return SetFailure(CallFailure.Refused);
        _hasArrived = true;
        try
        {
            // Requests that have reached a suspended process wait in its sockets.
            _arrive?.Invoke(_member);
        }
        catch (MemberCallException refused)
        {
            return _answer.TrySetException(refused);
        }
        return true;
    }

    private bool TryServe()
    {
        if (!_member.CanAnswer)
            return false;
        try
        {
            if (!_serve(_member, out _reply))
                return false;
        }
        catch (MemberCallException refused)
        {
            return _answer.TrySetException(refused);
        }
        _isServed = true;
        _time.After(Latency, () => _mayReturn = true);
        return true;
    }

    private bool SetFailure(CallFailure failure) =>
        _answer.TrySetException(MemberCallException.Create(failure, new MemberAddress(_at.Entry.ClientUrls[0])));
}
