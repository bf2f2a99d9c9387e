namespace EtcdMaint.Cmdlets;

/// <summary>
/// Groups the input of a cmdlet by connection. Two connections can lead to the same cluster. An equal cluster ID does
/// not prove that, because clusters that were made from one template share the ID.
/// </summary>
internal sealed class ClusterGrouping
{
    private readonly Dictionary<EtcdConnection, ClusterWork> _byConnection = [];

    private readonly List<ClusterWork> _works = [];

    public IReadOnlyList<ClusterWork> Works => _works;

    public ClusterWork For(EtcdConnection connection)
    {
        if (_byConnection.TryGetValue(connection, out ClusterWork? work))
            return work;
        work = new ClusterWork(connection);
        _byConnection.Add(connection, work);
        _works.Add(work);
        return work;
    }

    /// <summary>Adds records from the pipeline. A record that cannot be used becomes an error.</summary>
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
                    yield return ConnectionErrors.Closed(connection);
            }
            else if (keepAlarms && record is EtcdAlarm alarm)
                For(connection).Add(alarm);
            else if (record.Member is null)
                yield return InputErrors.MemberDeparted(record);
            else
                For(connection).Add(ToTarget(record, record.Member));
        }
    }

    /// <summary>
    /// Merges the work of connections that lead to the same cluster into one of them: the default connection of the
    /// runspace, or else the newest connection.
    /// </summary>
    /// <returns>The connection that remains.</returns>
    public EtcdConnection Merge(IReadOnlyList<EtcdConnection> same, EtcdConnection? preferred)
    {
        EtcdConnection kept =
            same.FirstOrDefault(connection => connection == preferred) ?? same.MaxBy(connection => connection.Number)!;
        foreach (EtcdConnection other in same.Where(connection => connection != kept))
        {
            _byConnection.Remove(other, out ClusterWork? work);
            _works.Remove(work!);
            For(kept).Absorb(work!);
        }
        return kept;
    }

    public static EtcdConnection? ConnectionOf(IEtcdMemberRecord record) =>
        (record as EtcdAlarm)?.Connection ?? record.Member?.Connection;

    private static MemberTarget ToTarget(IEtcdMemberRecord record, EtcdMember member) =>
        record is IUpstreamResult result
            ? new MemberTarget(member, result.Upstream, result.Reason, result.Brief)
            : new MemberTarget(member);
}
