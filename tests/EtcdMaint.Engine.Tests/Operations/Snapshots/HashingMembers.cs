using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Runbook;

namespace EtcdMaint.Engine.Tests.Operations.Snapshots;

/// <summary>
/// A cluster of members whose data is a history of writes. By default, the first member is the leader.
/// </summary>
internal sealed class HashingMembers : IMemberSource
{
    public HashingMembers(ulong id, params ulong[] members)
    {
        Id = id;
        Leader = members[0];
        Members = [.. members.Select((member, number) => new HashingMember(this, member, $"m{number}"))];
    }

    public ulong Id { get; }

    public IReadOnlyList<HashingMember> Members { get; }

    /// <summary>The ID of the leader; 0 for none.</summary>
    public ulong Leader { get; set; }

    /// <summary>The calls of HashKV, in order.</summary>
    public List<string> HashCalls { get; } = [];

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit) =>
        Task.FromResult<IReadOnlyList<IMemberClient>>([.. Members.Select(m => m.Client())]);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<EtcdSnapshotReport> TestAsync(string path)
    {
        EtcdConnection connection = new ScriptedCluster("prod").Connection;
        var context = new ClusterContext(this, null, TimeProvider.System, new ClusterIdentity(connection));
        var limit = new CallBudget(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        return SnapshotTester.TestAsync(path, context, connection, new RunRecorder(), limit);
    }
}
