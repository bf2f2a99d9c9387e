using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>Asks members for their status, all at once.</summary>
internal sealed class StatusReader(QuotaSource quotas, EndpointIdentities identities, TimeProvider time)
{
    public Task<MemberReading[]> ReadAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        Task.WhenAll(members.Select(m => ReadAsync(m, limit)));

    /// <summary>With what it said when it was found, where it was asked for that.</summary>
    public Task<MemberReading[]> ReadFirstAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        Task.WhenAll(members.Select(m => ReadAsync(m, m.FirstStatus, limit)));

    public Task<MemberReading> ReadAsync(ResolvedMember member, CallBudget limit) => ReadAsync(member, null, limit);

    public void LearnQuota(ulong memberId, MemberMetrics? metrics) => quotas.Learn(memberId, metrics);

    /// <summary>Without quotas, which can cost a second question.</summary>
    public Task<MemberReading[]> ReadStatusAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        Task.WhenAll(members.Select(m => ReadStatusAsync(m, null, limit)));

    private async Task<MemberReading> ReadAsync(ResolvedMember member, StatusReply? first, CallBudget limit)
    {
        MemberReading reading = await ReadStatusAsync(member, first, limit).ConfigureAwait(false);
        if (reading.Status is not { QuotaBytes: null })
            return reading;

        // For a status that came with the list, another question is not worth its time where the settings show the
        // quota.
        long? known =
            first is null || member.Client!.Place.QuotaBytes is null ? null : quotas.Presume(member, reading.Status);
        return reading with
        {
            QuotaBytes = known ?? await quotas.GetAsync(member, reading.Status, limit).ConfigureAwait(false),
        };
    }

    private async Task<MemberReading> ReadStatusAsync(ResolvedMember member, StatusReply? first, CallBudget limit)
    {
        if (member.Client is not { } client)
            return new MemberReading(member, null, null, null, member.Failure);
        long started = time.GetTimestamp();
        try
        {
            StatusReply status = first ?? await client.GetStatusAsync(limit).ConfigureAwait(false);
            TimeSpan latency = first is null ? time.GetElapsedTime(started) : member.FirstLatency;
            identities.Observe(client, status.Header.MemberId);
            quotas.Observe(status);
            return status.Header.MemberId == member.Id
                ? new MemberReading(member, status, status.QuotaBytes, latency, null)
                : new MemberReading(
                    member,
                    null,
                    null,
                    null,
                    MemberCallException.Create(CallFailure.OtherMember, client.Place)
                );
        }
        catch (EtcdException failed)
        {
            return new MemberReading(member, null, null, null, failed);
        }
    }
}

/// <summary>What one member said of itself, or why it said nothing.</summary>
internal sealed record MemberReading(
    ResolvedMember Member,
    StatusReply? Status,
    long? QuotaBytes,
    TimeSpan? Latency,
    EtcdException? Failure
)
{
    public ulong Id => Member.Id;

    /// <summary>That it answered, but does not let this user look: no matter of its health.</summary>
    public EtcdException? LoginFailure =>
        Failure
            is MemberCallException
            {
                Failure: CallFailure.PermissionDenied
                    or CallFailure.LoginRequired
                    or CallFailure.LoginFailed
                    or CallFailure.UserUnknown
            }
            ? Failure
            : null;

    /// <summary>Whether a certificate or a login is in the way, which no waiting mends.</summary>
    public bool IsAccessDenied => IsAccessDeniedBy(Failure);

    public static bool IsAccessDeniedBy(EtcdException? failure) =>
        (failure?.InnerException as EtcdException ?? failure)?.Category
            is EtcdErrorCategory.SecurityError
                or EtcdErrorCategory.AuthenticationError;
}
