using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>The shared state of all operations on a cluster: the connections to its members, and the time.</summary>
internal sealed class ClusterContext
{
    private readonly IMemberSource _access;
    private readonly MemberDiscovery _discovery;
    private readonly StatusReader _reader;

    public ClusterContext(
        IMemberSource access,
        long? givenQuota,
        TimeProvider time,
        ClusterIdentity identity,
        Random? random = null
    )
    {
        _access = access;
        _discovery = new MemberDiscovery(access, time, identity);
        _reader = new StatusReader(new QuotaSource(givenQuota, time), _discovery.Identities, time);
        Time = time;
        Random = random ?? Random.Shared;
    }

    public TimeProvider Time { get; }

    public Random Random { get; }

    /// <summary>Whether each request to a member starts a program.</summary>
    public bool RunsPrograms => _access.RunsPrograms;

    public EndpointIdentities Identities => _discovery.Identities;

    /// <summary>The failed defragmentations that were found since the connection was made.</summary>
    public FailedDefrags FailedDefrags { get; } = new();

    public Task IdentifyAsync(CallBudget limit) => _discovery.IdentifyAsync(limit);

    public Task<ClusterMembership> DiscoverAsync(CallBudget limit) => _discovery.TakeAsync(limit);

    /// <summary>Returns a member that was not reached before and answers now, or null if there is none.</summary>
    public Task<ResolvedMember?> FindReturnedAsync(ClusterMembership membership, CallBudget limit) =>
        _discovery.FindReturnedAsync(membership, limit);

    /// <summary>
    /// Discovers the members for a caller that then reads the first status of all members, in as few calls as the
    /// access allows.
    /// </summary>
    public Task<ClusterMembership> DiscoverForStatusAsync(CallBudget limit) => _discovery.TakeForStatusAsync(limit);

    public Task<MemberReading[]> ReadAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        _reader.ReadAsync(members, limit);

    public Task<MemberReading> ReadAsync(ResolvedMember member, CallBudget limit) => _reader.ReadAsync(member, limit);

    /// <summary>Reads statuses without quotas, each in one round trip.</summary>
    public Task<MemberReading[]> ReadStatusAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        _reader.ReadStatusAsync(members, limit);

    public Task<MemberReading[]> ReadFirstAsync(IEnumerable<ResolvedMember> members, CallBudget limit) =>
        _reader.ReadFirstAsync(members, limit);

    /// <summary>
    /// Stores the quota of metrics that were read, so that the following statuses need not read the same metrics.
    /// </summary>
    public void LearnQuota(ulong memberId, MemberMetrics? metrics) => _reader.LearnQuota(memberId, metrics);

    /// <summary>
    /// Returns null if the restarts of the member's process are not counted or the count cannot be read.
    /// </summary>
    public Task<ProcessRun?> ReadProcessRunAsync(ResolvedMember member, CallBudget limit) =>
        member.Client is null ? Task.FromResult<ProcessRun?>(null) : _access.ReadProcessRunAsync(member.Client, limit);

    /// <summary>Returns null if the settings of the member's process are not visible.</summary>
    public Task<MemberSettings?> ReadSettingsAsync(ResolvedMember member, CallBudget limit) =>
        member.Client is null
            ? Task.FromResult<MemberSettings?>(null)
            : _access.ReadSettingsAsync(member.Client, limit);

    /// <summary>
    /// Sends a call that any voter can serve to one voter after the other until one succeeds. Only for calls that can
    /// safely be repeated.
    /// </summary>
    public static async Task<T> AskAnyVoterAsync<T>(ClusterMembership membership, Func<IMemberClient, Task<T>> call)
    {
        EtcdException? last = null;
        foreach (ResolvedMember voter in membership.Voters.Where(v => v.Client is not null))
        {
            try
            {
                return await call(voter.Client!).ConfigureAwait(false);
            }
            catch (MemberCallException failed) when (!failed.ConcernsCluster)
            {
                last = failed;
            }
        }
        throw last
            ?? membership.Voters.Select(v => v.Failure).OfType<EtcdException>().FirstOrDefault()
            ?? MembershipErrors.NoVoterReached(membership.ClusterId);
    }

    public static Task AskAnyVoterAsync(ClusterMembership membership, Func<IMemberClient, Task> call) =>
        AskAnyVoterAsync(
            membership,
            async client =>
            {
                await call(client).ConfigureAwait(false);
                return true;
            }
        );
}
