using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>A member that only serves its status, reads of spans and watches, from memory.</summary>
internal sealed class MemoryMember(MemoryKeys keys, string name = "m1") : IMemberClient
{
    public const long FirstRevision = 100;

    public MemoryKeys Keys { get; } = keys;

    public MemberAddress Place { get; } = new($"http://{name}:2379") { MemberName = name };

    public ResolvedMember Resolved => new(new MemberEntry((ulong)name.GetHashCode(), name, [], [], false), this, null);

    /// <summary>The newest revision that the member has applied.</summary>
    public long Revision { get; set; } = FirstRevision;

    public long CompactedRevision { get; set; }

    public int MaximumOperations { get; init; } = 128;

    public long MaximumReplyBytes { get; init; } = long.MaxValue;

    /// <summary>Called before each call with its number from 1; it returns the failure of the call, if any.</summary>
    public Func<int, CallFailure?> FailureOf { get; init; } = _ => null;

    /// <summary>Called before each call that asks for the newest revision.</summary>
    public Func<CallFailure?> RevisionFailure { get; init; } = () => null;

    /// <summary>What its watches report; a failure ends one.</summary>
    public Channel<object> Watched { get; } = Channel.CreateUnbounded<object>();

    /// <summary>The number of calls that read spans, also those that failed.</summary>
    public int Calls { get; private set; }

    public int Watches { get; private set; }

    /// <summary>The number of reports that were taken from <see cref="Watched"/> and counted.</summary>
    public int Taken { get; private set; }

    public Task<StatusReply> GetStatusAsync(CallBudget limit) => throw Unused();

    public Task<KeySpansReply> ReadSpansAsync(IReadOnlyList<KeySpan> spans, long revision, CallBudget limit)
    {
        limit.Stop.ThrowIfCancellationRequested();
        Calls++;
        CallFailure? failure = FailureOf(Calls);
        if (revision == 0)
            failure ??= RevisionFailure();
        if (spans.Count > MaximumOperations)
            failure ??= CallFailure.TooManyOperations;
        if (revision > 0 && revision < CompactedRevision)
            failure ??= CallFailure.Compacted;
        if (revision > Revision)
            failure ??= CallFailure.FutureRevision;
        if (failure is not null)
            throw MemberCallException.Create(failure.Value, Place);
        KeySpanReply[] replies = Keys.Read(spans);
        if (MemoryKeys.BytesOf(replies) > MaximumReplyBytes)
            throw MemberCallException.Create(CallFailure.ResponseTooLarge, Place);
        return Task.FromResult(new KeySpansReply(new ReplyHeader(1, 1, Revision, 1), replies));
    }

    /// <summary>The pieces after which a stream of keys fails; null if the member does not stream, as before 3.7.</summary>
    public int? StreamedPieces { get; init; }

    public async IAsyncEnumerable<IReadOnlyList<KeySize>> StreamSpanAsync(KeySpan span, long revision, CallBudget limit)
    {
        if (StreamedPieces is null)
            throw MemberCallException.Create(CallFailure.NotSupported, Place);
        int pieces = 0;
        foreach (KeySize[] piece in Keys.Read([span with { Limit = int.MaxValue }])[0].Keys.Chunk(1000))
        {
            await Task.Yield();
            if (pieces++ == StreamedPieces)
                throw MemberCallException.Create(CallFailure.ConnectionLost, Place);
            yield return piece;
        }
    }

    public IAsyncEnumerable<IReadOnlyList<KeyWrite>> WatchAsync(KeySpan span, CallBudget limit) =>
        WatchAsync(limit.Stop);

    private async IAsyncEnumerable<IReadOnlyList<KeyWrite>> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        Watches++;
        await foreach (object next in Watched.Reader.ReadAllAsync(cancellation))
        {
            if (next is CallFailure failure)
            {
                Taken++;
                throw MemberCallException.Create(failure, Place);
            }
            yield return (IReadOnlyList<KeyWrite>)next;
            Taken++;
        }
    }

    public Task<MemberListReply> ListMembersAsync(bool linearizable, CallBudget limit) => throw Unused();

    public Task<ReplyHeader> ReadAsync(CallBudget limit) => throw Unused();

    public Task<IReadOnlyList<ArmedAlarm>> ListAlarmsAsync(CallBudget limit) => throw Unused();

    public Task DisarmAsync(IReadOnlyList<ArmedAlarm> alarms, CallBudget limit) => throw Unused();

    public Task CompactAsync(long revision, CallBudget limit) => throw Unused();

    public Task<IPreparedDefrag> PrepareDefragAsync(ulong memberId, CallBudget limit) => throw Unused();

    public Task<bool> IsCompactedAsync(long revision, CallBudget limit) => throw Unused();

    public Task<long> ReadCompactedRevisionAsync(CallBudget limit) => throw Unused();

    public Task<HashReply> HashAsync(long revision, CallBudget limit) => throw Unused();

    public Task MoveLeaderAsync(ulong target, CallBudget limit) => throw Unused();

    public Task<MemberMetrics?> ReadMetricsAsync(CallBudget limit) => throw Unused();

    public Task<KeyReply> GetAsync(string key, CallBudget limit) => throw Unused();

    public Task<KeyListReply> ListKeysAsync(KeyRange range, CallBudget limit) => throw Unused();

    public Task<CreateReply> CreateAsync(string key, byte[] value, long lease, CallBudget limit) => throw Unused();

    public Task<long> GrantLeaseAsync(TimeSpan timeToLive, CallBudget limit) => throw Unused();

    public Task<TimeSpan> KeepLeaseAliveAsync(long lease, CallBudget limit) => throw Unused();

    public Task RevokeLeaseAsync(long lease, CallBudget limit) => throw Unused();

    public Task<IReadOnlyList<string>> ListRolesAsync(CallBudget limit) => throw Unused();

    public Task AddRoleAsync(string role, CallBudget limit) => throw Unused();

    public Task DeleteRoleAsync(string role, CallBudget limit) => throw Unused();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException Unused([CallerMemberName] string call = "") =>
        new($"the space usage has called {call}");
}
