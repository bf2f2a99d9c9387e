using System.Globalization;
using System.Text.Json;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Talks to one member by etcdctl, run where the member lives. What etcdctl cannot do says so and names a way in that
/// can. Metrics are read beside etcdctl, which has no command for them.
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

    private volatile bool _listsLinearizableOnly;

    public MemberAddress Place { get; } = place;

    /// <summary>
    /// etcdctl 3.5 has no local read of the member list, so there it needs a quorum; the server of 3.4 answers locally
    /// whatever it is asked.
    /// </summary>
    public async Task<MemberListReply> ListMembersAsync(bool linearizable, CallBudget limit)
    {
        if (!linearizable && !_listsLinearizableOnly)
        {
            try
            {
                return await AskForListAsync(["member", "list", "--consistency=s"], limit).ConfigureAwait(false);
            }
            catch (MemberCallException refused) when (refused.Failure is CallFailure.NotSupported)
            {
                _listsLinearizableOnly = true;
            }
        }
        return await AskForListAsync(["member", "list"], limit).ConfigureAwait(false);
    }

    /// <summary>A list that could be read locally would have been given even by a member at work.</summary>
    public Task<bool> IsHeldUpAsync(CallBudget limit) =>
        _listsLinearizableOnly && settings.IsBesideMember
            ? _caller.IsAliveAsync(["member", "list"], limit)
            : Task.FromResult(false);

    public Task<StatusReply> GetStatusAsync(CallBudget limit) =>
        AskAsync(["endpoint", "status"], EtcdctlReplies.Status, limit);

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
    /// etcdctl disarms every alarm of every member and type, so it is run only where these are all that are armed.
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
                "another alarm, raised at that very moment, was cleared along"
            );
        await ListAlarmsAsync(limit).ConfigureAwait(false);
    }

    public Task CompactAsync(long revision, CallBudget limit) =>
        _caller.RunAsync(["compaction", revision.ToString(CultureInfo.InvariantCulture), "--physical"], limit);

    /// <summary>
    /// Each run of etcdctl makes a connection of its own. The endpoint is the member's own on its own host, so no other
    /// member can answer there between the check of the ID and the call.
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

    /// <summary>A hash goes through all keys, and is needed only where history is compacted.</summary>
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

    // It stands before the key: with ETCDCTL_API=2, etcdctl reads no flag after it, and would ask its default endpoint.
    private static string Consistency(bool linearizable) => linearizable ? "--consistency=l" : "--consistency=s";

    private async Task<MemberListReply> AskForListAsync(IReadOnlyList<string> command, CallBudget limit) =>
        (await AskAsync(command, EtcdctlReplies.MemberList, limit).ConfigureAwait(false)).OfMember(Place);

    private async Task<T> AskAsync<T>(
        IReadOnlyList<string> command,
        Func<EtcdctlJson, T> read,
        CallBudget limit,
        ReadOnlyMemory<byte> input = default
    )
    {
        string output = await _caller.AskAsync(command, limit, input).ConfigureAwait(false);
        try
        {
            return read(EtcdctlJson.Parse(output));
        }
        catch (Exception cause) when (cause is JsonException or FormatException or InvalidOperationException)
        {
            throw EtcdctlJson.IsBegunIn(output)
                ? MemberCallException.Create(
                    CallFailure.ConnectionLost,
                    Place,
                    "what etcdctl printed did not arrive whole",
                    cause
                )
                : MemberCallException.Create(
                    CallFailure.NotEtcd,
                    Place,
                    "etcdctl printed something else than JSON",
                    cause
                );
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
