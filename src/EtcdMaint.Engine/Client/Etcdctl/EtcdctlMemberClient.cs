using System.Globalization;
using System.Text.Json;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Calls one member through etcdctl, which runs at the member. An operation that etcdctl does not support fails with an
/// error that names a supported access. etcdctl has no command for metrics, so they are read separately.
/// </summary>
internal sealed class EtcdctlMemberClient(
    MemberAddress place,
    EtcdctlSettings settings,
    ICommandRunner runner,
    IDiskGauge? disk = null,
    MetricsReader? metrics = null
) : IMemberClient
{
    private readonly EtcdctlCaller _caller = new(runner, settings, place);

    private static readonly string[] ListLocally = ["member", "list", "--consistency=s"];

    private static readonly string[] List = ["member", "list"];

    private volatile bool _listsLinearizableOnly;

    private volatile bool _listsLocally;

    public MemberAddress Place { get; } = place;

    /// <summary>
    /// etcdctl 3.5 has no local read of the member list, so the call needs a quorum there. The server of 3.4 answers
    /// every request locally. An etcdctl that is probably old is started in both ways at once, because it refuses the
    /// local read only after a start, which takes as long as the answer of the other one.
    /// </summary>
    public async Task<MemberListReply> ListMembersAsync(bool linearizable, CallBudget limit)
    {
        if (linearizable || _listsLinearizableOnly)
            return await AskForListAsync(List, limit).ConfigureAwait(false);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        Task<MemberListReply>? other =
            settings.IsProbablyOld && !_listsLocally ? AskForListAsync(List, limit with { Stop = over.Token }) : null;
        try
        {
            MemberListReply own = await AskForListAsync(ListLocally, limit).ConfigureAwait(false);
            _listsLocally = true;
            return own;
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.NotSupported)
        {
            _listsLinearizableOnly = true;
            return await (other ?? AskForListAsync(List, limit)).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            if (other is not null)
                await ((Task)other).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// If the list could be read locally, the member would have returned it even while it defragments.
    /// </summary>
    public Task<bool> IsUnresponsiveAsync(CallBudget limit) =>
        _listsLinearizableOnly && settings.IsBesideMember ? _caller.IsAliveAsync(List, limit) : Task.FromResult(false);

    public Task<StatusReply> GetStatusAsync(CallBudget limit) =>
        AskAsync(["endpoint", "status"], EtcdctlReplies.Status, limit);

    /// <summary>
    /// etcdctl 3.5 has no local read of the member list. This command starts etcdctl over the same access and asks no
    /// member.
    /// </summary>
    public Task PingAsync(CallBudget limit) => _caller.RunAsync(["version"], limit);

    public Task<ReplyHeader> ReadAsync(CallBudget limit) =>
        AskAsync(
            ["get", Consistency(linearizable: true), ProbeKey.Name],
            reply => EtcdctlReplies.Header(reply["header"]),
            limit
        );

    public Task<IReadOnlyList<ArmedAlarm>> ListAlarmsAsync(CallBudget limit) =>
        AskAsync(["alarm", "list"], EtcdctlReplies.Alarms, limit);

    public bool DisarmsTogether => true;

    /// <summary>
    /// etcdctl disarms all alarms of every member and type, so it is run only if no other alarm is armed.
    /// </summary>
    public async Task DisarmAsync(IReadOnlyList<ArmedAlarm> alarms, CallBudget limit)
    {
        IReadOnlyList<ArmedAlarm> armed = await ListAlarmsAsync(limit).ConfigureAwait(false);
        if (InseparableAlarms.Find(armed, alarms) is { } why)
            throw MemberCallException.Create(why, Place);
        if (armed.Count == 0)
            return;
        IReadOnlyList<ArmedAlarm> cleared = await AskAsync(["alarm", "disarm"], EtcdctlReplies.Alarms, limit)
            .ConfigureAwait(false);
        if (cleared.Except(alarms).Any())
            throw MemberCallException.Create(
                CallFailure.Other,
                Place,
                "another alarm was armed at the same moment and was cleared too"
            );
        await ListAlarmsAsync(limit).ConfigureAwait(false);
    }

    public Task CompactAsync(long revision, CallBudget limit) =>
        _caller.RunAsync(["compaction", revision.ToString(CultureInfo.InvariantCulture), "--physical"], limit);

    /// <summary>
    /// Each call of etcdctl makes its own connection. The endpoint is the member's own on its host, so no other member
    /// can answer there between the check of the ID and the call.
    /// </summary>
    public Task<IPreparedDefrag> PrepareDefragAsync(ulong memberId, CallBudget limit) =>
        Task.FromResult<IPreparedDefrag>(new EtcdctlDefrag(_caller, Place, left => VerifyAsync(memberId, left)));

    public async Task<bool> IsCompactedAsync(long revision, CallBudget limit)
    {
        try
        {
            string before = string.Create(CultureInfo.InvariantCulture, $"--rev={Math.Max(1, revision - 1)}");
            string[] command = ["get", before, Consistency(linearizable: false), ProbeKey.Name];
            return await AskAsync(command, _ => false, limit).ConfigureAwait(false);
        }
        catch (MemberCallException refused)
            when (refused.Failure is CallFailure.Compacted or CallFailure.FutureRevision)
        {
            // A member that is behind does not have the revision yet.
            return refused.Failure is CallFailure.Compacted;
        }
    }

    /// <summary>A hash reads all keys, so it is used only if history is compacted.</summary>
    public async Task<long> ReadCompactedRevisionAsync(CallBudget limit) =>
        await IsCompactedAsync(2, limit).ConfigureAwait(false)
            ? Math.Max(0, (await HashAsync(0, limit).ConfigureAwait(false)).CompactRevision)
            : 0;

    public Task<HashReply> HashAsync(long revision, CallBudget limit) =>
        AskAsync(
            ["endpoint", "hashkv", string.Create(CultureInfo.InvariantCulture, $"--rev={revision}")],
            EtcdctlReplies.Hash,
            limit
        );

    public Task MoveLeaderAsync(ulong target, CallBudget limit) =>
        _caller.RunAsync(["move-leader", HexId.Format(target)], limit);

    public Task<MemberMetrics?> ReadMetricsAsync(CallBudget limit) =>
        metrics?.ReadAsync(limit) ?? Task.FromResult<MemberMetrics?>(null);

    public Task<long?> ReadFreeDiskAsync(CallBudget limit) =>
        disk is null ? Task.FromResult<long?>(null) : disk.ReadFreeBytesAsync(limit);

    public Task<KeyReply> GetAsync(string key, CallBudget limit) =>
        AskAsync(["get", Consistency(linearizable: true), key], EtcdctlReplies.Key, limit);

    public Task<KeyListReply> ListKeysAsync(KeyRange range, CallBudget limit)
    {
        string[] command =
        [
            "get",
            Consistency(linearizable: true),
            string.Create(CultureInfo.InvariantCulture, $"--limit={range.Limit}"),
            string.Create(CultureInfo.InvariantCulture, $"--rev={range.Revision}"),
            range.From,
            range.To,
        ];
        return AskAsync(command, EtcdctlReplies.Keys, limit);
    }

    /// <summary>etcdctl reads several spans in one call only as a transaction.</summary>
    public Task<KeySpansReply> ReadSpansAsync(IReadOnlyList<KeySpan> spans, long revision, CallBudget limit) =>
        ReadOutputAsync(
            ["txn"],
            output => EtcdctlSpans.Read(output, spans),
            limit,
            EtcdctlTxnScript.Read(spans, revision)
        );

    /// <summary>The runners return the output of a program when it ends, and etcdctl watches without end.</summary>
    public bool CanWatch => false;

    public bool ReadsInTransactions => true;

    public Task<CreateReply> CreateAsync(string key, byte[] value, long lease, CallBudget limit) =>
        AskAsync(["txn"], EtcdctlReplies.Create, limit, EtcdctlTxnScript.Create(key, value, lease));

    public Task<long> GrantLeaseAsync(TimeSpan timeToLive, CallBudget limit)
    {
        string seconds = ((long)Math.Ceiling(timeToLive.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return AskAsync(["lease", "grant", seconds], reply => reply["ID"].Signed, limit);
    }

    public async Task<TimeSpan> KeepLeaseAliveAsync(long lease, CallBudget limit)
    {
        try
        {
            string[] command = ["lease", "keep-alive", HexId.Format((ulong)lease), "--once"];
            return await AskAsync(command, reply => TimeSpan.FromSeconds(reply["TTL"].Signed), limit)
                .ConfigureAwait(false);
        }
        catch (MemberCallException gone) when (gone.Failure is CallFailure.LeaseNotFound)
        {
            return TimeSpan.Zero;
        }
    }

    public Task RevokeLeaseAsync(long lease, CallBudget limit) =>
        _caller.RunAsync(["lease", "revoke", HexId.Format((ulong)lease)], limit);

    public Task<IReadOnlyList<string>> ListRolesAsync(CallBudget limit) =>
        AskAsync(["role", "list"], EtcdctlReplies.Roles, limit);

    public Task AddRoleAsync(string name, CallBudget limit) => _caller.RunAsync(["role", "add", name], limit);

    public Task DeleteRoleAsync(string name, CallBudget limit) => _caller.RunAsync(["role", "delete", name], limit);

    public ValueTask DisposeAsync()
    {
        metrics?.Dispose();
        return runner.DisposeAsync();
    }

    // The flag precedes the key: with ETCDCTL_API=2, etcdctl reads no flag after the key and would call its default
    // endpoint.
    private static string Consistency(bool linearizable) => linearizable ? "--consistency=l" : "--consistency=s";

    private async Task<MemberListReply> AskForListAsync(IReadOnlyList<string> command, CallBudget limit) =>
        (await AskAsync(command, EtcdctlReplies.MemberList, limit).ConfigureAwait(false)).OfMember(Place);

    private Task<T> AskAsync<T>(
        IReadOnlyList<string> command,
        Func<EtcdctlJson, T> read,
        CallBudget limit,
        ReadOnlyMemory<byte> input = default
    ) => ReadOutputAsync(command, output => read(EtcdctlJson.Parse(output)), limit, input);

    private async Task<T> ReadOutputAsync<T>(
        IReadOnlyList<string> command,
        Func<string, T> read,
        CallBudget limit,
        ReadOnlyMemory<byte> input
    )
    {
        string output = await _caller.AskAsync(command, limit, input).ConfigureAwait(false);
        try
        {
            return read(output);
        }
        catch (Exception cause) when (cause is JsonException or FormatException or InvalidOperationException)
        {
            throw EtcdctlJson.IsBegunIn(output)
                ? MemberCallException.Create(
                    CallFailure.ConnectionLost,
                    Place,
                    "the output of etcdctl is incomplete",
                    cause
                )
                : MemberCallException.Create(CallFailure.NotEtcd, Place, "the output of etcdctl is not JSON", cause);
        }
    }

    private async Task VerifyAsync(ulong memberId, CallBudget limit)
    {
        StatusReply answer;
        try
        {
            answer = await GetStatusAsync(limit).ConfigureAwait(false);
        }
        catch (MemberCallException failed) when (failed.IsOutcomeUnknown)
        {
            throw MemberCallException.Create(CallFailure.NotSent, Place, failed.Message, failed);
        }
        if (answer.Header.MemberId != memberId)
            throw MemberCallException.Create(CallFailure.OtherMember, Place);
    }
}
