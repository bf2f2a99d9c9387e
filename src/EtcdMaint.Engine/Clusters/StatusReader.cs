using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Clusters;

/// <summary>Asks members for their status, all at once.</summary>
internal sealed class StatusReader(QuotaSource quotas, TimeProvider time)
{
    public Task<MemberReading[]> ReadAsync(IEnumerable<RosterMember> members, CallLimit limit) =>
        Task.WhenAll(members.Select(m => ReadAsync(m, limit)));

    /// <summary>With what it said when it was found, where it was asked for that.</summary>
    public Task<MemberReading> ReadFirstAsync(RosterMember member, CallLimit limit) => member.FirstStatus is { } status
        ? ReadAsync(member, status, member.FirstLatency, limit)
        : ReadAsync(member, limit);

    public async Task<MemberReading> ReadAsync(RosterMember member, CallLimit limit)
    {
        if (member.Client is not { } client)
            return new MemberReading(member, null, null, null, member.Failure);
        long started = time.GetTimestamp();
        try
        {
            StatusReply status = await client.GetStatusAsync(limit).ConfigureAwait(false);
            return status.Header.MemberId == member.Id
                ? await ReadAsync(member, status, time.GetElapsedTime(started), limit).ConfigureAwait(false)
                : new MemberReading(member, null, null, null, MemberCallException.Create(CallFailure.OtherMember, client.Place));
        }
        catch (EtcdException failed)
        {
            return new MemberReading(member, null, null, null, failed);
        }
    }

    private async Task<MemberReading> ReadAsync(RosterMember member, StatusReply status, TimeSpan latency, CallLimit limit) =>
        new(member, status, status.QuotaBytes ?? await quotas.GetAsync(member, limit).ConfigureAwait(false), latency, null);
}

/// <summary>What one member said of itself, or why it said nothing.</summary>
internal sealed record MemberReading(
    RosterMember Member, StatusReply? Status, long? QuotaBytes, TimeSpan? Latency, EtcdException? Failure)
{
    public ulong Id => Member.Id;

    /// <summary>Whether a certificate or a login is in the way, which no waiting mends.</summary>
    public bool IsBarred =>
        (Failure?.InnerException as EtcdException ?? Failure)?.Category is EtcdErrorCategory.SecurityError or EtcdErrorCategory.AuthenticationError;
}
