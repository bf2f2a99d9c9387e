using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>
/// Reads the leader-election leases of Kubernetes from etcd. The heartbeats of nodes, which are leases too, are not
/// read: a large cluster has thousands, and their holder never changes.
/// </summary>
internal sealed class LeaseReader(LeaseMapper mapper)
{
    /// <summary>The namespace of the heartbeats.</summary>
    public const string NodeLeases = "kube-node-lease/";

    /// <summary>
    /// The prefixes at which an API server stores leases: the default of <c>--etcd-prefix</c>, and that of OpenShift.
    /// </summary>
    public static readonly IReadOnlyList<string> Prefixes = ["/registry/leases/", "/kubernetes.io/leases/"];

    /// <summary>The prefixes that had leases when they were last read.</summary>
    private string[] _prefixes = [.. Prefixes];

    /// <summary>
    /// Returns the leases, or null if there are too many. A prefix without leases is not read again, because only
    /// leases that were read before can be lost.
    /// </summary>
    public async Task<EtcdLease[]?> ReadAsync(ClusterMembership membership, CancellationToken cancellationToken)
    {
        if (_prefixes.Length == 0)
            return [];
        var limit = new CallBudget(Limits.Leases.ReadTime, cancellationToken);
        (string Prefix, List<StoredKey> Keys)[] read = await ClusterContext
            .AskAnyVoterAsync(membership, client => ReadAllAsync(client, limit))
            .ConfigureAwait(false);
        _prefixes = [.. read.Where(r => r.Keys.Count > 0).Select(r => r.Prefix).Distinct()];
        return read.Sum(r => r.Keys.Count) > Limits.Leases.MaximumCount
            ? null
            : [.. read.SelectMany(r => r.Keys.Select(key => mapper.Read(r.Prefix, key))).OfType<EtcdLease>()];
    }

    /// <summary>Reads the keys before and after the heartbeats at the same time.</summary>
    private Task<(string Prefix, List<StoredKey> Keys)[]> ReadAllAsync(IMemberClient client, CallBudget limit) =>
        Task.WhenAll(_prefixes.SelectMany(RangesOf).Select(r => ReadRangeAsync(client, r.Prefix, r.Range, limit)));

    private static IEnumerable<(string Prefix, KeyRange Range)> RangesOf(string prefix)
    {
        KeyRange all = KeyRange.Prefix(prefix, Limits.Leases.PageSize);
        KeyRange nodes = KeyRange.Prefix(prefix + NodeLeases, Limits.Leases.PageSize);
        yield return (prefix, all with { To = nodes.From });
        yield return (prefix, all with { From = nodes.To });
    }

    private static async Task<(string Prefix, List<StoredKey> Keys)> ReadRangeAsync(
        IMemberClient client,
        string prefix,
        KeyRange range,
        CallBudget limit
    )
    {
        var keys = new List<StoredKey>();
        while (true)
        {
            KeyListReply page = await client.ListKeysAsync(range, limit).ConfigureAwait(false);
            keys.AddRange(page.Keys);
            if (!page.HasMore || page.Keys.Count == 0 || keys.Count > Limits.Leases.MaximumCount)
                return (prefix, keys);

            // No name in Kubernetes contains a plus sign or a character before it, and an argument of etcdctl cannot
            // contain the zero byte that etcd itself would append.
            range = range with
            {
                From = page.Keys[^1].Key + "+",
            };
        }
    }
}
