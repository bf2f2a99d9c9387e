using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Finds the cluster for a call that specifies none: the default connection of the runspace, then the cluster in
/// etcdctl's environment variables, then, for reading only, the cluster behind kubectl's current context. After a
/// failed Connect-EtcdCluster only the default counts: the script was written for another cluster than the others lead
/// to.
/// </summary>
internal sealed class ConnectionChoice
{
    private readonly RunspaceConnections _state = RunspaceConnections.Current;

    private readonly EtcdctlEnvironment? _environment;

    private readonly IReadOnlyList<string> _kubeConfigs;

    private readonly bool _changes;

    /// <summary>Made on the pipeline thread: the runspace and the location of files depend on it.</summary>
    /// <param name="cmdlet">The cmdlet that needs a connection.</param>
    /// <param name="changes">Whether it changes the cluster.</param>
    public ConnectionChoice(PSCmdlet cmdlet, bool changes)
    {
        _changes = changes;
        _environment = EtcdctlEnvironment.Read(cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath);
        _kubeConfigs = KubeConfigVariable.Files(cmdlet.SessionState.Path);
    }

    /// <summary>Refuses connections that no user specified, for a cmdlet that changes the cluster.</summary>
    /// <exception cref="EtcdException">One of them was found by itself (<c>NoConnectionChosen</c>).</exception>
    public static void RequireExplicit(IEnumerable<EtcdConnection?> connections)
    {
        if (connections.FirstOrDefault(connection => connection is { IsImplicit: true }) is { } found)
            throw InputErrors.NoConnectionChosen(found);
    }

    /// <summary>Null, after the error has been told, where the one that is meant is closed or cannot be made.</summary>
    /// <exception cref="EtcdException">None is meant, so a connection has to be given.</exception>
    public async Task<EtcdConnection?> OpenAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await FindAsync(timeout, observer, cancellationToken);
        }
        catch (EtcdException error)
            when (error.ErrorId is not (InputErrors.NoConnectionId or InputErrors.NoConnectionChosenId))
        {
            observer.ReportError(error);
            return null;
        }
    }

    private Task<EtcdConnection> FindAsync(TimeSpan timeout, IRunObserver observer, CancellationToken cancellationToken)
    {
        if (_state.Default is EtcdConnection connection)
            return Task.FromResult(UseDefault(connection, observer));
        if (_state.FailedConnect is { } failed)
            throw InputErrors.NoConnection(failed);
        if (_environment is not null)
            return UseEnvironmentAsync(_environment, timeout, observer, cancellationToken);
        KubernetesContext? context = EngineSource.Engine.FindKubernetesContext(_kubeConfigs);
        if (_changes)
            throw InputErrors.NoConnectionChosen(context?.Name);
        return UseKubernetesAsync(context ?? throw InputErrors.NoConnection(), timeout, observer, cancellationToken);
    }

    private static EtcdConnection UseDefault(EtcdConnection connection, IRunObserver observer)
    {
        // Never on to the next in line: that would be another cluster than the one that was chosen.
        if (!connection.IsOpen)
            throw ConnectionErrors.Closed(connection);
        observer.LogVerbose($"Using the default connection, to cluster '{connection}'.");
        return connection;
    }

    private Task<EtcdConnection> UseEnvironmentAsync(
        EtcdctlEnvironment environment,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (environment.SkipsCertificateCheck)
            observer.Warn(TlsWarnings.SkippedWarning("ETCDCTL_INSECURE_SKIP_TLS_VERIFY is set"));
        return UseImplicitAsync(
            environment.Fingerprint,
            environment.ToRequest(timeout),
            "the ETCDCTL_ variables",
            observer,
            cancellationToken
        );
    }

    private async Task<EtcdConnection> UseKubernetesAsync(
        KubernetesContext context,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var request = new KubernetesConnectRequest { CallTimeout = timeout, ListedKubeConfigs = _kubeConfigs };
        string source = $"the Kubernetes context '{context.Name}'";
        EtcdConnection found = await UseImplicitAsync(
            () => context.Fingerprint,
            request,
            source,
            observer,
            cancellationToken
        );
        found.ImplicitSource = source;
        return found;
    }

    /// <summary>
    /// The connection that something other than the user's word leads to; made once for each runspace.
    /// </summary>
    private async Task<EtcdConnection> UseImplicitAsync(
        Func<string> fingerprint,
        ConnectRequest request,
        string guide,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (_state.Implicit(fingerprint) is EtcdConnection known)
        {
            observer.LogVerbose($"Using {guide}: cluster '{known}'.");
            return known;
        }
        EtcdConnection made = await EngineSource.Engine.ConnectAsync(request, observer, cancellationToken);
        _state.KeepImplicit(fingerprint(), made);
        observer.LogVerbose($"Connected by {guide} to cluster '{made}'.");
        return made;
    }
}
