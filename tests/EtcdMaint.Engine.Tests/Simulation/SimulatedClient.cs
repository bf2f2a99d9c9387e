using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Tests.Fixtures;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>A client of the simulated member that answers at one place.</summary>
internal sealed class SimulatedClient(SimulatedCluster cluster, SimulatedMember at) : IMemberClient
{
    private readonly MemberAnswers _answers = new(cluster);

    public MemberAddress Place =>
        new(at.Entry.ClientUrls[0]) { QuotaBytes = at.SuggestedQuota, ProbeBudget = at.ProbeBudget };

    public Task<MemberListReply> ListMembersAsync(bool linearizable, CallBudget limit) =>
        Send<MemberListReply>("ListMembers", limit, linearizable ? _answers.ListAgreed : _answers.List);

    /// <summary>The connection between the run and the member; null for one that only takes its time.</summary>
    public UnreliableLine? Line { get; init; }

    /// <summary>Whether etcd is known to run at the place although it does not answer.</summary>
    public bool IsUnresponsive { get; init; }

    public Task<bool> IsUnresponsiveAsync(CallBudget limit) => Task.FromResult(IsUnresponsive);

    public Task<StatusReply> GetStatusAsync(CallBudget limit) => Send<StatusReply>("Status", limit, _answers.Status);

    public Task<ReplyHeader> ReadAsync(CallBudget limit) => Send<ReplyHeader>("Read", limit, _answers.ReadAgreed);

    public Task<IReadOnlyList<ArmedAlarm>> ListAlarmsAsync(CallBudget limit) =>
        Send<IReadOnlyList<ArmedAlarm>>("ListAlarms", limit, _answers.Alarms);

    public bool DisarmsTogether => cluster.DisarmsTogether;

    public Task DisarmAsync(IReadOnlyList<ArmedAlarm> alarms, CallBudget limit) =>
        Send(
            "Disarm",
            limit,
            (SimulatedMember member, out bool reply) =>
            {
                reply = _answers.CanAgreeOnAlarms(member);
                if (reply)
                    (cluster.DisarmsTogether ? [.. cluster.Alarms] : alarms).ToList().ForEach(cluster.Disarm);
                return reply;
            }
        );

    public Task<long?> ReadFreeDiskAsync(CallBudget limit) => Task.FromResult(at.FreeDisk);

    public Task CompactAsync(long revision, CallBudget limit)
    {
        bool hasCompacted = false;
        return Send(
            "Compact",
            limit,
            (SimulatedMember member, out bool reply) => reply = _answers.Compact(member, revision, ref hasCompacted)
        );
    }

    public Task<IPreparedDefrag> PrepareDefragAsync(ulong memberId, CallBudget limit) =>
        Task.FromResult<IPreparedDefrag>(new PreparedDefrag(this, memberId));

    private Task DefragmentAsync(ulong memberId, CallBudget limit)
    {
        cluster.DefragmentSent(at);
        DefragJob? job = null;
        return Send(
            "Defragment",
            limit,
            (SimulatedMember member, out bool reply) =>
            {
                reply = job!.IsOver;
                return job.HasFailed ? throw MemberAnswers.Refusal(member, CallFailure.DiskFull) : reply;
            },
            member =>
            {
                if (member.Id != memberId)
                    throw MemberAnswers.Refusal(member, CallFailure.NotSent);
                if (member.IsLearner)
                    throw MemberAnswers.Refusal(member, CallFailure.Learner);
                job = member.Enqueue(isOurs: true);
            }
        );
    }

    public Task<bool> IsCompactedAsync(long revision, CallBudget limit) =>
        Send(
            "Range",
            limit,
            (SimulatedMember member, out bool reply) =>
            {
                reply = cluster.Compacted >= Math.Max(2, revision);
                return !member.IsBackendBlocked;
            }
        );

    public Task<long> ReadCompactedRevisionAsync(CallBudget limit) =>
        Send(
            "Watch",
            limit,
            (SimulatedMember member, out long reply) =>
            {
                reply = cluster.Compacted;
                return !member.IsBackendBlocked;
            }
        );

    /// <summary>All members have the same data.</summary>
    public Task<HashReply> HashAsync(long revision, CallBudget limit) =>
        Send(
            "Hash",
            limit,
            (SimulatedMember member, out HashReply reply) =>
            {
                reply = new HashReply(_answers.Header(member), (uint)revision, cluster.Compacted);
                return !member.IsBackendBlocked;
            }
        );

    public Task MoveLeaderAsync(ulong target, CallBudget limit) =>
        Send(
            "MoveLeader",
            limit,
            (SimulatedMember member, out bool reply) => reply = _answers.Transfer(member, target)
        );

    public async Task<MemberMetrics?> ReadMetricsAsync(CallBudget limit)
    {
        try
        {
            return await Send<MemberMetrics?>("Metrics", limit, MemberAnswers.Metrics).ConfigureAwait(false);
        }
        catch (MemberCallException)
        {
            return null;
        }
    }

    public Task<KeyReply> GetAsync(string key, CallBudget limit) =>
        Send(
            "Get",
            limit,
            (SimulatedMember member, out KeyReply reply) =>
            {
                (byte[] Value, long Lease)? found = cluster.Keys.Get(key);
                reply = new KeyReply(_answers.Header(member), found?.Value, found?.Lease ?? 0);
                return _answers.CanAgree(member);
            }
        );

    public Task<KeySpansReply> ReadSpansAsync(IReadOnlyList<KeySpan> spans, long revision, CallBudget limit) =>
        Send(
            "ReadSpans",
            limit,
            (SimulatedMember member, out KeySpansReply reply) =>
            {
                reply = null!;
                if (member.IsBackendBlocked || cluster.HoldsKeys)
                    return false;
                if (cluster.ForbidsKeys)
                    throw MemberAnswers.Refusal(member, CallFailure.PermissionDenied);
                if (spans.Count > 1 && VersionHazards.DiesOnEndedRead(member.Version))
                    throw new InvalidOperationException($"etcd {member.Version} can crash at this transaction.");
                reply = new KeySpansReply(_answers.Header(member), [.. spans.Select(cluster.Keys.Measure)]);
                return true;
            }
        );

    public Task<KeyListReply> ListKeysAsync(KeyRange range, CallBudget limit) =>
        Send(
            "List",
            limit,
            (SimulatedMember member, out KeyListReply reply) =>
            {
                reply = null!;
                if (!_answers.CanAgree(member))
                    return false;
                if (cluster.ForbidsKeys)
                    throw MemberAnswers.Refusal(member, CallFailure.PermissionDenied);
                IReadOnlyList<StoredKey> keys = cluster.Keys.List(range with { Limit = range.Limit + 1 });
                reply = new KeyListReply(
                    _answers.Header(member),
                    [.. keys.Take(range.Limit)],
                    HasMore: keys.Count > range.Limit
                );
                return true;
            }
        );

    public Task<CreateReply> CreateAsync(string key, byte[] value, long lease, CallBudget limit) =>
        Send(
            "Create",
            limit,
            (SimulatedMember member, out CreateReply reply) =>
            {
                reply = null!;
                if (!_answers.CanWrite(member))
                    return false;
                if (!cluster.Keys.Has(lease))
                    throw MemberAnswers.Refusal(member, CallFailure.LeaseNotFound);
                (byte[] Value, long Lease)? existing = cluster.Keys.Create(key, value, lease);
                reply = new CreateReply(existing is null, existing?.Value, existing?.Lease ?? 0);
                return true;
            }
        );

    public Task<long> GrantLeaseAsync(TimeSpan timeToLive, CallBudget limit) =>
        Send(
            "GrantLease",
            limit,
            (SimulatedMember member, out long reply) =>
            {
                bool can = _answers.CanWrite(member);
                reply = can ? cluster.Keys.Grant(timeToLive) : 0;
                return can;
            }
        );

    public Task<TimeSpan> KeepLeaseAliveAsync(long lease, CallBudget limit) =>
        Send(
            "KeepLeaseAlive",
            limit,
            (SimulatedMember member, out TimeSpan reply) =>
            {
                bool can = _answers.CanAgree(member);
                reply = can ? cluster.Keys.KeepAlive(lease) : default;
                return can;
            }
        );

    public Task RevokeLeaseAsync(long lease, CallBudget limit) =>
        Send(
            "RevokeLease",
            limit,
            (SimulatedMember member, out bool reply) =>
            {
                reply = _answers.CanAgree(member);
                return reply && !cluster.Keys.Revoke(lease)
                    ? throw MemberAnswers.Refusal(member, CallFailure.LeaseNotFound)
                    : reply;
            }
        );

    public Task<IReadOnlyList<string>> ListRolesAsync(CallBudget limit) =>
        Send(
            "ListRoles",
            limit,
            (SimulatedMember member, out IReadOnlyList<string> reply) =>
            {
                reply = [.. cluster.Roles];
                return _answers.CanAgreeOnRoles(member);
            }
        );

    public Task AddRoleAsync(string name, CallBudget limit) =>
        Send(
            "AddRole",
            limit,
            (SimulatedMember member, out bool reply) =>
            {
                reply = _answers.CanAgreeOnRoles(member);
                return reply && !cluster.Roles.Add(name)
                    ? throw MemberAnswers.Refusal(member, CallFailure.RoleExists)
                    : reply;
            }
        );

    public Task DeleteRoleAsync(string name, CallBudget limit) =>
        Send(
            "DeleteRole",
            limit,
            (SimulatedMember member, out bool reply) =>
            {
                reply = _answers.CanAgreeOnRoles(member);
                return reply && !cluster.Roles.Remove(name)
                    ? throw MemberAnswers.Refusal(member, CallFailure.RoleNotFound)
                    : reply;
            }
        );

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> Send<T>(string call, CallBudget limit, Serve<T> serve, Action<SimulatedMember>? arrive = null)
    {
        cluster.Log.Add(at.Name, call);
        return Line is not null ? Line.SendAsync(Place, limit, SendAsync)
            : cluster.Access is { } access ? access.SendAsync(Place, limit, SendAsync)
            : SendAsync(limit);

        Task<T> SendAsync(CallBudget within) => cluster.SendAsync(at, within, serve, arrive);
    }

    private sealed class PreparedDefrag(SimulatedClient client, ulong memberId) : IPreparedDefrag
    {
        public async Task VerifyAsync(CallBudget limit)
        {
            MemberListReply answer = await client.ListMembersAsync(linearizable: false, limit).ConfigureAwait(false);
            if (answer.Header.MemberId != memberId)
                throw MemberCallException.Create(CallFailure.OtherMember, client.Place);
        }

        public Task SendAsync(CallBudget limit) => client.DefragmentAsync(memberId, limit);

        public void Dispose() { }
    }
}
