using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Finds the cluster for a call that specifies none: the default connection of the runspace, then the cluster of the
/// environment variables of etcdctl, then, for reading only, the cluster of the current context of kubectl. After a
/// failed Connect-EtcdCluster, only the default connection counts, because the script was written for a different
/// cluster than the other sources specify.
/// </summary>
internal sealed class ConnectionChoice
{
    private readonly RunspaceConnections _state = RunspaceConnections.Current;

    private readonly EtcdctlEnvironment? _environment;

    private readonly IReadOnlyList<string> _kubeConfigs;

    private readonly bool _changes;

    /// <summary>Must be called on the pipeline thread, because it uses the runspace and its current location.</summary>
    /// <param name="cmdlet">The cmdlet that needs a connection.</param>
    /// <param name="changes">Whether the cmdlet changes the cluster.</param>
    public ConnectionChoice(PSCmdlet cmdlet, bool changes)
    {
        _changes = changes;
        _environment = EtcdctlEnvironment.Read(cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath);
        _kubeConfigs = KubeConfigVariable.Files(cmdlet.SessionState.Path);
    }

    /// <summary>Rejects connections that the user did not specify, for a cmdlet that changes the cluster.</summary>
    /// <exception cref="EtcdException">The user did not specify one of the connections
    /// (<c>NoConnectionChosen</c>).</exception>
    public static void RequireExplicit(IEnumerable<EtcdConnection?> connections)
    {
        if (connections.FirstOrDefault(connection => connection is { IsImplicit: true }) is { } found)
            throw InputErrors.NoConnectionChosen(found);
    }

    /// <summary>
    /// Returns the connection, or null after it has reported that the connection is closed or cannot be made.
    /// </summary>
    /// <exception cref="EtcdException">No source specifies a cluster, so the user must specify a
    /// connection.</exception>
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
        // The search ends here: the next source would specify a different cluster than the selected one.
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
            observer.Warn(SkippedCertificateCheckWarning.Of("ETCDCTL_INSECURE_SKIP_TLS_VERIFY is set"));
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
    /// Returns the connection of a source that the user did not specify explicitly. It is made once for each runspace.
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
