using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The connections of one runspace. They are not shared, because one process can run several jobs, each in its own
/// runspace.
/// </summary>
internal sealed class RunspaceConnections
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceConnections> States = [];

    private readonly object _gate = new();

    private readonly List<EtcdConnection> _open = [];

    private EtcdConnection? _default;

    private FailedConnect? _failedConnect;

    private (string Fingerprint, EtcdConnection Connection)? _implicit;

    private ConnectOutcome? _beginning;

    /// <summary>The connections of the runspace of this thread.</summary>
    public static RunspaceConnections Current =>
        States.GetValue(Runspace.DefaultRunspace, _ => new RunspaceConnections());

    /// <summary>The prefixes of keys that were found over the connections.</summary>
    public FoundPrefixes Prefixes { get; } = new();

    public EtcdConnection? Default
    {
        get
        {
            lock (_gate)
                return _default;
        }
    }

    /// <summary>
    /// The last Connect-EtcdCluster that should have set the default and did not connect to every specified cluster;
    /// null if there is none. While it is set, no other source of a cluster replaces the default.
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
    /// Removes the default. The new attempt counts as failed until it has connected to all its clusters.
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

    /// <summary>
    /// Offers the outcome of a Connect-EtcdCluster to an Invoke-EtcdMaintenance in the same pipeline. PowerShell runs
    /// BeginProcessing of all cmdlets of a pipeline before the first record, so a cmdlet that begins between this call
    /// and <see cref="EndBeginning"/> belongs to the same pipeline.
    /// </summary>
    public void BeginFleet(ConnectOutcome outcome)
    {
        lock (_gate)
            _beginning = outcome;
    }

    /// <summary>Ends the offer, because the pipeline processes records now.</summary>
    public void EndBeginning()
    {
        lock (_gate)
            _beginning = null;
    }

    /// <summary>
    /// Returns the outcome of the Connect-EtcdCluster that feeds the pipeline that begins now; null if there is none.
    /// </summary>
    public ConnectOutcome? TakeFleet()
    {
        lock (_gate)
        {
            ConnectOutcome? taken = _beginning;
            _beginning = null;
            return taken;
        }
    }

    /// <summary>
    /// Returns the connection that was made from this source before, if it is still open and the source has not
    /// changed.
    /// </summary>
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
