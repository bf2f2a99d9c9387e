namespace EtcdMaint.Engine.Membership;

/// <summary>Remembers which cluster answers over a connection, and refuses another cluster.</summary>
internal sealed class ClusterIdentity(EtcdConnection connection)
{
    /// <exception cref="EtcdException">Another cluster answered before (<c>EndpointChangedCluster</c>).</exception>
    public void Recognize(ulong clusterId)
    {
        string id = HexId.Format(clusterId);
        if (connection.ClusterId is { } known && known != id)
            throw new EtcdException(
                ErrorIds.EndpointChangedCluster,
                EtcdErrorCategory.InvalidData,
                $"The endpoints of {connection.ClusterName} now answer as cluster {id} instead of {known}.",
                "Connect again, and check the endpoints.",
                connection.ClusterName
            );
        connection.Learn(id);
    }
}
