namespace EtcdMaint;

/// <summary>An alarm of one member.</summary>
public sealed record EtcdAlarm : IUpstreamResult
{
    /// <inheritdoc/>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The kind of alarm.</summary>
    public EtcdAlarmType AlarmType { get; internal init; }

    /// <summary>Whether it is armed, cleared, or only planned to be cleared.</summary>
    public EtcdAlarmStatus Status { get; internal init; }

    /// <summary>Why <see cref="Status"/> is what it is; null when there is nothing to say.</summary>
    public string? Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The member; null when it has left the cluster.</summary>
    public EtcdMember? Member { get; internal init; }

    UpstreamState IUpstreamResult.Upstream =>
        Status switch
        {
            EtcdAlarmStatus.Planned => UpstreamState.Planned,
            EtcdAlarmStatus.NotAttempted => UpstreamState.Failed,
            _ => UpstreamState.Done,
        };

    /// <summary>
    /// The connection that it was read over; kept here because a departed member has none to carry it.
    /// </summary>
    internal EtcdConnection? Connection { get; init; }

    internal EtcdAlarm As(EtcdAlarmStatus status, string? reason = null) =>
        this with
        {
            Status = status,
            Reason = reason,
        };

    internal EtcdAlarm AsPlanned(bool isPlanned) => this with { Member = Member?.AsPlanned(isPlanned) };

    /// <summary>Kind and member, for example <c>NoSpace on etcd-1</c>.</summary>
    public override string ToString() => $"{AlarmType} on {(MemberName.Length > 0 ? MemberName : MemberId)}";
}
