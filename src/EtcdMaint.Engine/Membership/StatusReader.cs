using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>Reads the status of members, all at the same time.</summary>
internal sealed class StatusReader(QuotaSource quotas, EndpointIdentities identities, TimeProvider time)
{
    public Task<MemberReading[]> ReadAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        Task.WhenAll(members.Select(m => ReadAsync(m, limit)));

    /// <summary>Uses the status from the discovery if it was requested there.</summary>
    public Task<MemberReading[]> ReadFirstAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        Task.WhenAll(members.Select(m => ReadAsync(m, m.FirstStatus, limit)));

    public Task<MemberReading> ReadAsync(ResolvedMember member, CallBudget limit) => ReadAsync(member, null, limit);

    public void LearnQuota(ulong memberId, MemberMetrics? metrics) => quotas.Learn(memberId, metrics);

    /// <summary>Reads statuses without quotas, which may need a second request.</summary>
    public Task<MemberReading[]> ReadStatusAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        Task.WhenAll(members.Select(m => ReadStatusAsync(m, null, limit)));

    private async Task<MemberReading> ReadAsync(ResolvedMember member, StatusReply? first, CallBudget limit)
    {
        MemberReading reading = await ReadStatusAsync(member, first, limit).ConfigureAwait(false);
        if (reading.Status is not { QuotaBytes: null })
            return reading;

        // If the status came with the list and the settings show the quota, a second request is not needed.
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

/// <summary>The status of one member, or why it is missing.</summary>
internal sealed record MemberReading(
    ResolvedMember Member,
    StatusReply? Status,
    long? QuotaBytes,
    TimeSpan? Latency,
    EtcdException? Failure
)
{
    public ulong Id => Member.Id;

    /// <summary>
    /// The failure if the member answered but this user lacks access. It does not concern the health of the member.
    /// </summary>
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

    /// <summary>Whether the certificate or the login is refused. Waiting does not help.</summary>
    public bool IsAccessDenied => IsAccessDeniedBy(Failure);

    public static bool IsAccessDeniedBy(EtcdException? failure) =>
        (failure?.InnerException as EtcdException ?? failure)?.Category
            is EtcdErrorCategory.SecurityError
                or EtcdErrorCategory.AuthenticationError;
}
