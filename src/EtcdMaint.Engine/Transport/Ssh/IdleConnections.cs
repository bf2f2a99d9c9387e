namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// Limits the number of nodes that stay logged in without a call. A login takes longer than a call, so some logins are
/// kept. With hundreds of nodes, a process for each node would otherwise remain for minutes.
/// </summary>
/// <param name="limit">The number of idle logins to keep. The one whose last use is oldest is closed first.</param>
internal sealed class IdleConnections(int limit)
{
    private readonly LinkedList<SshConnection> _idle = [];

    /// <summary>The idle logins of this process: twenty clusters of three nodes, at about 2 MB per process.</summary>
    public static IdleConnections Shared { get; } = new(limit: 60);

    public void Add(SshConnection connection)
    {
        SshConnection? surplus = null;
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

    public void Remove(SshConnection connection)
    {
        lock (_idle)
            _idle.Remove(connection);
    }
}
