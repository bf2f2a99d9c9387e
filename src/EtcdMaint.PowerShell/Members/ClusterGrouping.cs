namespace EtcdMaint.Cmdlets;

/// <summary>
/// Sorts what a cmdlet was given by cluster: one cluster reached over two connections is still worked on once, over the
/// runspace's default, else over the newest: whoever connects again has a reason.
/// </summary>
/// <param name="preferred">The runspace's default connection.</param>
internal sealed class ClusterGrouping(EtcdConnection? preferred)
{
    private readonly Dictionary<object, ClusterWork> _byCluster = [];

    private readonly List<ClusterWork> _works = [];

    public IReadOnlyList<ClusterWork> Works => _works;

    /// <summary>
    /// What to warn of: clusters that were set up from one copy share an ID, and of them only one is worked on.
    /// </summary>
    public IEnumerable<string> Warnings =>
        _works.SelectMany(work => work.LeftOut.Select(left => MergeWarning(work.Connection, left)));

    /// <summary>The work in the cluster with this ID, or, while the ID is not known, behind this connection.</summary>
    public ClusterWork For(EtcdConnection connection, string? clusterId)
    {
        object key = string.IsNullOrEmpty(clusterId) ? connection : clusterId;
        if (_byCluster.TryGetValue(key, out ClusterWork? work))
        {
            work.Offer(connection, preferred);
            return work;
        }

        work = new ClusterWork(connection);
        _byCluster.Add(key, work);
        _works.Add(work);
        return work;
    }

    /// <summary>Adds records as they came out of the pipeline; what cannot be worked on becomes an error.</summary>
    public IEnumerable<EtcdException> Add(IEnumerable<IEtcdMemberRecord> records, bool keepAlarms)
    {
        var closed = new HashSet<EtcdConnection>();
        foreach (IEtcdMemberRecord record in records)
        {
            if (ConnectionOf(record) is not EtcdConnection connection)
                yield return InputErrors.RecordWithoutConnection(record);
            else if (!connection.IsOpen)
            {
                if (closed.Add(connection))
                    yield return InputErrors.ConnectionClosed(connection);
            }
            else if (keepAlarms && record is EtcdAlarm alarm)
                For(connection, record.ClusterId).Add(alarm);
            else if (record.Member is null)
                yield return InputErrors.MemberDeparted(record);
            else
                For(connection, record.ClusterId).Add(ToTarget(record, record.Member));
        }
    }

    private static string MergeWarning(EtcdConnection kept, EtcdConnection left)
    {
        bool haveOneName = kept.ClusterName == left.ClusterName;
        (string keptName, string leftName) = (Name(kept, haveOneName), Name(left, haveOneName));
        return $"{leftName} has the same cluster ID as {keptName} ({kept.ClusterId}), so only {keptName} is worked on. "
            + "If they are different clusters, work on them in separate calls.";
    }

    private static string Name(EtcdConnection connection, bool withEndpoints) =>
        withEndpoints ? $"'{connection}' over {string.Join(", ", connection.Endpoint)}" : $"'{connection}'";

    public static EtcdConnection? ConnectionOf(IEtcdMemberRecord record) =>
        (record as EtcdAlarm)?.Connection ?? record.Member?.Connection;

    private static MemberTarget ToTarget(IEtcdMemberRecord record, EtcdMember member) =>
        record is IUpstreamResult result
            ? new MemberTarget(member, result.Upstream, result.Reason)
            : new MemberTarget(member);
}
