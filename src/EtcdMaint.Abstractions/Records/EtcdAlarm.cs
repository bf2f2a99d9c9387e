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

    /// <summary>The type of the alarm.</summary>
    public EtcdAlarmType AlarmType { get; internal init; }

    /// <summary>
    /// Whether the alarm is armed, cleared, planned to be cleared, or was left armed after a failure.
    /// </summary>
    public EtcdAlarmStatus Status { get; internal init; }

    /// <summary>The reason for <see cref="Status"/>; null if there is none to give.</summary>
    public string? Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The reason in few words, for a table; null if <see cref="Reason"/> is short.</summary>
    internal string? Brief
    {
        get;
        init => field = PlainText.Of(value);
    }

    string? IUpstreamResult.Brief => Brief;

    /// <summary>The member; null if it has left the cluster.</summary>
    public EtcdMember? Member { get; internal init; }

    UpstreamState IUpstreamResult.Upstream =>
        Status switch
        {
            EtcdAlarmStatus.Planned => UpstreamState.Planned,
            EtcdAlarmStatus.NotAttempted => UpstreamState.Failed,
            _ => UpstreamState.Done,
        };

    /// <summary>
    /// The connection over which the alarm was read. It is stored here because the alarm of a member that has left the
    /// cluster has no member object.
    /// </summary>
    internal EtcdConnection? Connection { get; init; }

    internal EtcdAlarm As(EtcdAlarmStatus status, string? reason = null, string? brief = null) =>
        this with
        {
            Status = status,
            Reason = reason,
            Brief = brief,
        };

    internal EtcdAlarm AsPlanned(bool isPlanned) => this with { Member = Member?.AsPlanned(isPlanned) };

    /// <summary>The type and the member, for example <c>NoSpace on etcd-1</c>.</summary>
    public override string ToString() => $"{AlarmType} on {(MemberName.Length > 0 ? MemberName : MemberId)}";
}
