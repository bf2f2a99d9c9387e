using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Clusters;

/// <summary>Asks members for their status, all at once.</summary>
internal sealed class StatusReader(QuotaSource quotas, TimeProvider time)
{
    public Task<MemberReading[]> ReadAsync(IEnumerable<RosterMember> members, CallLimit limit) =>
        Task.WhenAll(members.Select(m => ReadAsync(m, limit)));

    /// <summary>With what it said when it was found, where it was asked for that.</summary>
    public Task<MemberReading[]> ReadFirstAsync(IEnumerable<RosterMember> members, CallLimit limit) =>
        Task.WhenAll(members.Select(m => ReadAsync(m, m.FirstStatus, limit)));

    public Task<MemberReading> ReadAsync(RosterMember member, CallLimit limit) => ReadAsync(member, null, limit);

    public void LearnQuota(ulong memberId, MemberMetrics? metrics) => quotas.Learn(memberId, metrics);

    private async Task<MemberReading> ReadAsync(RosterMember member, StatusReply? first, CallLimit limit)
    {
        if (member.Client is not { } client)
            return new MemberReading(member, null, null, null, member.Failure);
        long started = time.GetTimestamp();
        try
        {
            StatusReply status = first ?? await client.GetStatusAsync(limit).ConfigureAwait(false);
            TimeSpan latency = first is null ? time.GetElapsedTime(started) : member.FirstLatency;
            if (status.Header.MemberId != member.Id)
                return new MemberReading(member, null, null, null, MemberCallException.Create(CallFailure.OtherMember, client.Place));

            // For a status that came along with the list, what the command line tells is not worth another question.
            long? quota = status.QuotaBytes ?? (first is null ? null : client.Place.QuotaBytes);
            return new MemberReading(member, status, quota ?? await quotas.GetAsync(member, limit).ConfigureAwait(false), latency, null);
        }
        catch (EtcdException failed)
        {
            return new MemberReading(member, null, null, null, failed);
        }
    }
}

/// <summary>What one member said of itself, or why it said nothing.</summary>
internal sealed record MemberReading(
    RosterMember Member, StatusReply? Status, long? QuotaBytes, TimeSpan? Latency, EtcdException? Failure)
{
    public ulong Id => Member.Id;

    /// <summary>That it answered, but does not let this user look: no matter of its health.</summary>
    public EtcdException? LoginFailure => Failure is MemberCallException
    {
        Failure: CallFailure.PermissionDenied or CallFailure.LoginRequired or CallFailure.LoginFailed or CallFailure.UserUnknown
    }
        ? Failure
        : null;

    /// <summary>Whether a certificate or a login is in the way, which no waiting mends.</summary>
    public bool IsBarred =>
        (Failure?.InnerException as EtcdException ?? Failure)?.Category is EtcdErrorCategory.SecurityError or EtcdErrorCategory.AuthenticationError;
}
