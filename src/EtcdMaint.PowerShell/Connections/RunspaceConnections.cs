using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The connections of one runspace. One process may run several jobs, each in a runspace, so nothing here is shared.
/// </summary>
internal sealed class RunspaceConnections
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceConnections> States = [];

    private readonly object _gate = new();

    private readonly List<EtcdConnection> _open = [];

    private EtcdConnection? _default;

    private FailedConnect? _failedConnect;

    private (string Fingerprint, EtcdConnection Connection)? _implicit;

    /// <summary>Those of the runspace that this thread runs.</summary>
    public static RunspaceConnections Current =>
        States.GetValue(Runspace.DefaultRunspace, _ => new RunspaceConnections());

    public EtcdConnection? Default
    {
        get
        {
            lock (_gate)
                return _default;
        }
    }

    /// <summary>
    /// The newest Connect-EtcdCluster that was to set the default and did not connect to every cluster that it was
    /// given; null when there is none. While it is set, no other source of a cluster takes the place of the default.
    /// </summary>
    public FailedConnect? FailedConnect
    {
        get
        {
            lock (_gate)
                return _failedConnect;
        }
    }

    public IReadOnlyList<EtcdConnection> Open
    {
        get
        {
            lock (_gate)
            {
                _open.RemoveAll(connection => !connection.IsOpen);
                return [.. _open];
            }
        }
    }

    public void Keep(EtcdConnection connection, bool asDefault)
    {
        lock (_gate)
        {
            _open.Add(connection);
            if (asDefault)
                _default = connection;
        }
    }

    /// <summary>
    /// Drops the default. The new attempt counts as failed until it has connected to all its clusters.
    /// </summary>
    public void BeginConnect()
    {
        lock (_gate)
            (_default, _failedConnect) = (null, FailedConnect.Unfinished);
    }

    public void EndConnect(FailedConnect? failure)
    {
        lock (_gate)
            _failedConnect = failure;
    }

    public void Forget(EtcdConnection connection)
    {
        lock (_gate)
        {
            _open.Remove(connection);
            if (_default == connection)
                _default = null;
            if (_implicit?.Connection == connection)
                _implicit = null;
        }
    }

    /// <summary>The connection that a guide led to before, if it is still open and the guide the same.</summary>
    public EtcdConnection? Implicit(Func<string> fingerprint)
    {
        lock (_gate)
            return _implicit is var (known, connection) && connection.IsOpen && known == fingerprint()
                ? connection
                : null;
    }

    public void KeepImplicit(string fingerprint, EtcdConnection connection)
    {
        lock (_gate)
        {
            _open.Add(connection);
            _implicit = (fingerprint, connection);
        }
    }
}
