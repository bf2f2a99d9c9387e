namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// Limits how many nodes stay logged in to without a call. A few are kept because a login costs more than a call; a
/// fleet of hundreds would leave a process for each of its nodes behind for minutes.
/// </summary>
/// <param name="limit">How many are kept. The one that was used longest ago is closed first.</param>
internal sealed class IdleConnections(int limit)
{
    private readonly LinkedList<SshConnection> _idle = [];

    /// <summary>Those of this process: twenty clusters of three nodes, at some 2 MB a process.</summary>
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
