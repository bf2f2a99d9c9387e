using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>Makes connections to clusters, each verified by listing its members.</summary>
[Cmdlet(VerbsCommunications.Connect, "EtcdCluster", DefaultParameterSetName = EndpointSet)]
[OutputType(typeof(EtcdConnection))]
public sealed partial class ConnectEtcdClusterCommand : EtcdCommand
{
    private readonly List<ConnectRequest> _requests = [];

    private readonly ConnectOutcome _outcome = new();

    private RunspaceConnections _state = null!;

    private PSObject? _record;

    private int _arrived;

    private int _records;

    /// <summary>What to call the cluster.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ClusterName { get; set; }

    /// <summary>Leave the runspace's default connection as it is.</summary>
    [Parameter]
    public SwitchParameter NoDefault { get; set; }

    /// <summary>Make the connection without asking anything.</summary>
    [Parameter]
    public SwitchParameter NoVerify { get; set; }

    /// <summary>How many clusters are tried at a time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>
    /// A record whose properties are named as the parameters. It is taken first of all, so that every record is counted
    /// also where a cell of it is refused, and that one whose columns have other names gets an error that says what is
    /// missing.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject
    {
        get => _record;
        set
        {
            _record = value;
            _arrived++;
        }
    }

    // A record that was refused was meant to be a cluster too, so the other one is not the only one.
    private bool IsOnlyOne => _records == 1 && _arrived <= 1;

    /// <summary>Drops the default, and warns of what was switched off.</summary>
    protected override void BeginProcessing()
    {
        _state = RunspaceConnections.Current;

        // Before anything can fail, and also where no record comes or binds: after that nothing may go to the cluster
        // that was the default before.
        if (!NoDefault)
            _state.BeginConnect();
        if (SkipCertificateCheck)
            WriteWarning(TlsWarnings.SkippedWarning("-SkipCertificateCheck"));
        base.BeginProcessing();
    }

    /// <summary>Checks one record for form.</summary>
    protected override void ProcessRecord()
    {
        _records++;
        try
        {
            _requests.Add(ToRequest());
        }
        catch (EtcdException error)
        {
            _outcome.AddFailure(NullIfBlank(ClusterName) is { } name ? $"'{name}'" : null, error);
            if (MyInvocation.ExpectingInput)
            {
                WriteError(error.ToErrorRecord());
                return;
            }
            RememberOutcome();
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }

    /// <summary>Connects to all of them, side by side.</summary>
    protected override void EndProcessing()
    {
        try
        {
            if (_requests.Count > 0)
                Run(ConnectAllAsync);
        }
        finally
        {
            RememberOutcome();
        }
    }

    // A connection that does not become the default cannot take the place of one that failed to.
    private void RememberOutcome()
    {
        FailedConnect? failure = _outcome.Judge(expected: Math.Max(_records, _arrived));
        if (!NoDefault || failure is { Cause: not null })
            _state.EndConnect(failure);
    }

    private protected override EtcdException EmptyError(string parameter)
    {
        EtcdException error = parameter switch
        {
            nameof(Endpoint) => InputErrors.NoEndpoint(),
            nameof(Context) or nameof(KubeConfig) => InputErrors.NoContextGiven(),
            _ => base.EmptyError(parameter),
        };
        _outcome.AddFailure(null, error);
        RememberOutcome();
        return error;
    }

    /// <summary>The request that the parameters make, checked for form.</summary>
    private ConnectRequest ToRequest()
    {
        if (QuotaBytes is < 0)
            throw InputErrors.QuotaNotPositive(QuotaBytes.Value);
        ConnectRequest way = ParameterSetName switch
        {
            KubernetesSet => ToKubernetesRequest(),
            SshSet => ToSshRequest(),
            LocalSet => ToLocalRequest(),
            _ => ToEndpointRequest(),
        };
        return way with
        {
            ClusterName = NullIfBlank(ClusterName),
            NoVerify = NoVerify,
            UserName = Credential?.UserName,
            Password = Credential?.Password,
            QuotaBytes = QuotaBytes is 0 ? null : QuotaBytes,
            CallTimeout = CallTimeout,
            Tls = ToTlsRequest(),
        };
    }

    private Task ConnectAllAsync(IRunObserver observer, CancellationToken cancellationToken) =>
        new ClusterThrottle(ThrottleLimit).RunAsync(
            _requests,
            ProcessCost.Of,
            request => ConnectAsync(request, observer, cancellationToken),
            cancellationToken
        );

    private async Task ConnectAsync(ConnectRequest request, IRunObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            EtcdConnection connection = await EngineSource.Engine.ConnectAsync(request, observer, cancellationToken);
            _state.Keep(connection, asDefault: IsOnlyOne && !NoDefault);
            _outcome.AddConnected();
            observer.Emit(connection);
        }
        catch (EtcdException error)
        {
            _outcome.AddFailure(request.Description, error);
            if (!MyInvocation.ExpectingInput)
                throw;
            observer.ReportError(error);
        }
    }

    // An empty cell of a CSV file.
    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
