namespace EtcdMaint.Engine.Transport;

/// <summary>
/// Limits the number of connections that stay open without a use. To open a connection takes longer than a call, so
/// some are kept. With hundreds of clusters, all of them together would use much memory, or many processes.
/// </summary>
/// <param name="limit">The number of idle connections to keep. The one whose last use is oldest is closed
/// first.</param>
internal sealed class IdleConnections(int limit)
{
    private readonly LinkedList<IIdleConnection> _idle = [];

    public void Add(IIdleConnection connection)
    {
        IIdleConnection? surplus = null;
        lock (_idle)
        {
            _idle.Remove(connection);
            _idle.AddLast(connection);
            if (_idle.Count > limit)
            {
                surplus = _idle.First!.Value;
                _idle.RemoveFirst();
            }
        }
        surplus?.CloseWhenIdle();
    }

    public void Remove(IIdleConnection connection)
    {
        lock (_idle)
            _idle.Remove(connection);
    }
}

/// <summary>A connection that opens again when it is used after it was closed.</summary>
internal interface IIdleConnection
{
    /// <summary>Closes the connection, unless it is in use.</summary>
    void CloseWhenIdle();
}
