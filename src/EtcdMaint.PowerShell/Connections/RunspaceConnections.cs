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

    private (string Fingerprint, EtcdConnection Connection)? _implicit;

    /// <summary>Those of the runspace that this thread runs.</summary>
    public static RunspaceConnections Current => States.GetValue(Runspace.DefaultRunspace, _ => new RunspaceConnections());

    public EtcdConnection? Default
    {
        get
        {
            lock (_gate)
                return _default;
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

    public void ClearDefault()
    {
        lock (_gate)
            _default = null;
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
            return _implicit is var (known, connection) && connection.IsOpen && known == fingerprint() ? connection : null;
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
