using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// A client that opens its connection at the first call, and again after a call found it closed. A node that cannot be
/// reached therefore affects only its own member.
/// </summary>
internal sealed class LazyMemberClient(
    MemberAddress place,
    Func<CallBudget, Task<IMemberClient>> open,
    TimeProvider time
) : IMemberClient
{
    private readonly LazyClientFactory _opening = new(place, open, time);

    /// <summary>The address. It is complete after the connection was opened.</summary>
    public MemberAddress Place => _opening.Opened?.Place ?? place;

    public Task? Opening => _opening.Opened?.Opening ?? _opening.AtWork;

    public Task<MemberListReply> ListMembersAsync(bool linearizable, CallBudget limit) =>
        CallAsync((c, l) => c.ListMembersAsync(linearizable, l), limit);

    /// <summary>Nothing is known about a member before its connection is open.</summary>
    public Task<bool> IsUnresponsiveAsync(CallBudget limit) =>
        _opening.Opened?.IsUnresponsiveAsync(limit) ?? Task.FromResult(false);

    public Task<StatusReply> GetStatusAsync(CallBudget limit) => CallAsync((c, l) => c.GetStatusAsync(l), limit);

    public Task PingAsync(CallBudget limit) => CallAsync((c, l) => c.PingAsync(l), limit);

    public Task<ReplyHeader> ReadAsync(CallBudget limit) => CallAsync((c, l) => c.ReadAsync(l), limit);

    public Task<IReadOnlyList<ArmedAlarm>> ListAlarmsAsync(CallBudget limit) =>
        CallAsync((c, l) => c.ListAlarmsAsync(l), limit);

    public bool DisarmsTogether => _opening.Opened?.DisarmsTogether ?? false;

    public Task DisarmAsync(IReadOnlyList<ArmedAlarm> alarms, CallBudget limit) =>
        CallAsync((c, l) => c.DisarmAsync(alarms, l), limit);

    public Task CompactAsync(long revision, CallBudget limit) =>
        CallAsync((c, l) => c.CompactAsync(revision, l), limit);

    public Task<IPreparedDefrag> PrepareDefragAsync(ulong memberId, CallBudget limit) =>
        CallAsync((c, l) => c.PrepareDefragAsync(memberId, l), limit);

    public Task<bool> IsCompactedAsync(long revision, CallBudget limit) =>
        CallAsync((c, l) => c.IsCompactedAsync(revision, l), limit);

    public Task<long> ReadCompactedRevisionAsync(CallBudget limit) =>
        CallAsync((c, l) => c.ReadCompactedRevisionAsync(l), limit);

    public Task<HashReply> HashAsync(long revision, CallBudget limit) =>
        CallAsync((c, l) => c.HashAsync(revision, l), limit);

    public Task<bool> IsDowngradingAsync(Version clusterVersion, CallBudget limit) =>
        CallAsync((c, l) => c.IsDowngradingAsync(clusterVersion, l), limit);

    public Task MoveLeaderAsync(ulong target, CallBudget limit) =>
        CallAsync((c, l) => c.MoveLeaderAsync(target, l), limit);

    /// <summary>Opening a connection may take long, so it is not done only for metrics.</summary>
    public Task<MemberMetrics?> ReadMetricsAsync(CallBudget limit) =>
        _opening.Opened?.ReadMetricsAsync(limit) ?? Task.FromResult<MemberMetrics?>(null);

    public Task<long?> ReadFreeDiskAsync(CallBudget limit) => TryAsync((c, l) => c.ReadFreeDiskAsync(l), limit);

    public Task<KeyReply> GetAsync(string key, CallBudget limit) => CallAsync((c, l) => c.GetAsync(key, l), limit);

    public Task<KeyListReply> ListKeysAsync(KeyRange range, CallBudget limit) =>
        CallAsync((c, l) => c.ListKeysAsync(range, l), limit);

    public Task<KeySpansReply> ReadSpansAsync(IReadOnlyList<KeySpan> spans, long revision, CallBudget limit) =>
        CallAsync((c, l) => c.ReadSpansAsync(spans, revision, l), limit);

    public async IAsyncEnumerable<IReadOnlyList<KeySize>> StreamSpanAsync(KeySpan span, long revision, CallBudget limit)
    {
        IMemberClient client = await _opening.GetAsync(limit).ConfigureAwait(false);
        await foreach (
            IReadOnlyList<KeySize> piece in client.StreamSpanAsync(span, revision, limit).ConfigureAwait(false)
        )
            yield return piece;
    }

    /// <summary>It is true before the connection is open, because etcdctl may be what opens.</summary>
    public bool ReadsInTransactions => _opening.Opened?.ReadsInTransactions ?? true;

    /// <summary>It is true before the connection is open.</summary>
    public bool CanWatch => _opening.Opened?.CanWatch ?? true;

    public async IAsyncEnumerable<IReadOnlyList<KeyWrite>> WatchAsync(KeySpan span, CallBudget limit)
    {
        IMemberClient client = await _opening.GetAsync(limit).ConfigureAwait(false);
        await foreach (IReadOnlyList<KeyWrite> writes in client.WatchAsync(span, limit).ConfigureAwait(false))
            yield return writes;
    }

    public Task<CreateReply> CreateAsync(string key, byte[] value, long lease, CallBudget limit) =>
        CallAsync((c, l) => c.CreateAsync(key, value, lease, l), limit);

    public Task<long> GrantLeaseAsync(TimeSpan timeToLive, CallBudget limit) =>
        CallAsync((c, l) => c.GrantLeaseAsync(timeToLive, l), limit);

    public Task<TimeSpan> KeepLeaseAliveAsync(long lease, CallBudget limit) =>
        CallAsync((c, l) => c.KeepLeaseAliveAsync(lease, l), limit);

    public Task RevokeLeaseAsync(long lease, CallBudget limit) =>
        CallAsync((c, l) => c.RevokeLeaseAsync(lease, l), limit);

    public Task<IReadOnlyList<string>> ListRolesAsync(CallBudget limit) =>
        CallAsync((c, l) => c.ListRolesAsync(l), limit);

    public Task AddRoleAsync(string name, CallBudget limit) => CallAsync((c, l) => c.AddRoleAsync(name, l), limit);

    public Task DeleteRoleAsync(string name, CallBudget limit) =>
        CallAsync((c, l) => c.DeleteRoleAsync(name, l), limit);

    public async Task<IReadOnlyList<CertificateValidity>> ReadCertificatesAsync(CallBudget limit) =>
        await TryAsync<IReadOnlyList<CertificateValidity>>(
                async (c, l) => await c.ReadCertificatesAsync(l).ConfigureAwait(false),
                limit
            )
            .ConfigureAwait(false)
        ?? [];

    public async IAsyncEnumerable<SnapshotPiece> StreamSnapshotAsync(CallBudget limit)
    {
        IMemberClient client = await _opening.GetAsync(limit).ConfigureAwait(false);
        await foreach (SnapshotPiece piece in client.StreamSnapshotAsync(limit).ConfigureAwait(false))
            yield return piece;
    }

    public void CloseStreams() => _opening.Opened?.CloseStreams();

    public ValueTask DisposeAsync() => _opening.DisposeAsync();

    private Task CallAsync(Func<IMemberClient, CallBudget, Task> call, CallBudget limit) =>
        CallAsync(
            async (client, left) =>
            {
                await call(client, left).ConfigureAwait(false);
                return true;
            },
            limit
        );

    private async Task<T> CallAsync<T>(Func<IMemberClient, CallBudget, Task<T>> call, CallBudget limit)
    {
        long started = time.GetTimestamp();
        IMemberClient client = await _opening.GetAsync(limit).ConfigureAwait(false);
        try
        {
            return await call(client, limit with { Timeout = limit.Timeout - time.GetElapsedTime(started) })
                .ConfigureAwait(false);
        }
        catch (MemberCallException gone) when (gone.Failure is CallFailure.ContainerMissing)
        {
            // A restarted pod has another container. The next call looks for it.
            _opening.Forget(client);
            throw;
        }
    }

    /// <summary>
    /// For values that are null if they cannot be read. A response that is too large is still an error.
    /// </summary>
    private async Task<T?> TryAsync<T>(Func<IMemberClient, CallBudget, Task<T?>> call, CallBudget limit)
    {
        try
        {
            return await CallAsync(call, limit).ConfigureAwait(false);
        }
        catch (EtcdException failed) when (failed is not MemberCallException { Failure: CallFailure.ResponseTooLarge })
        {
            return default;
        }
    }
}
