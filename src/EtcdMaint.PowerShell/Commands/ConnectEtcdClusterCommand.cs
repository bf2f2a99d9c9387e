using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>Makes connections to clusters and verifies each one by listing the members.</summary>
[Cmdlet(VerbsCommunications.Connect, "EtcdCluster", DefaultParameterSetName = EndpointSet)]
[OutputType(typeof(EtcdConnection))]
public sealed partial class ConnectEtcdClusterCommand : EtcdCommand
{
    private readonly List<ConnectRequest> _requests = [];

    private readonly ConnectOutcome _outcome = new();

    private RunspaceConnections _state = null!;

    private readonly HashSet<PSObject> _rejected = new(ReferenceEqualityComparer.Instance);

    private readonly UnknownColumns _columns = new(typeof(ConnectEtcdClusterCommand));

    private readonly InvalidCells _cells = new(typeof(ConnectEtcdClusterCommand));

    private PSObject? _record;

    private int _arrived;

    private int _records;

    /// <summary>The name of the cluster in all output.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ClusterName { get; set; }

    /// <summary>Whether to keep the default connection of the runspace unchanged.</summary>
    [Parameter]
    public SwitchParameter NoDefault { get; set; }

    /// <summary>Whether to make the connection without contacting the cluster.</summary>
    [Parameter]
    public SwitchParameter NoVerify { get; set; }

    /// <summary>The number of clusters to connect to at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>
    /// A record whose properties have the names of the parameters. It binds before the other parameters. A record is
    /// therefore counted even if PowerShell rejects one of its cells, and a record with other column names results in
    /// an error that names the missing parameter.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject
    {
        get => _record;
        set
        {
            _record = value;
            _arrived++;
            if (value is not null)
                _rejected.Add(value);
        }
    }

    // A rejected record also specifies a cluster, so the remaining record is not the only one.
    private bool IsOnlyOne => _records == 1 && _arrived <= 1;

    /// <summary>Removes the default connection, and warns if certificates are not checked.</summary>
    protected override void BeginProcessing()
    {
        _state = RunspaceConnections.Current;

        // This happens before any step that can fail, and even if no record arrives or binds, because later commands
        // must not use the previous default cluster.
        if (!NoDefault)
            _state.BeginConnect();
        if (SkipCertificateCheck)
            WriteWarning(SkippedCertificateCheckWarning.Of("-SkipCertificateCheck"));
        base.BeginProcessing();
        ReadShard();
        _state.BeginFleet(_outcome);
    }

    /// <summary>Checks the form of one record.</summary>
    protected override void ProcessRecord()
    {
        _state.EndBeginning();
        _records++;
        if (InputObject is not null)
        {
            _rejected.Remove(InputObject);
            _columns.Read(InputObject);
        }
        string? name = NullIfBlank(ClusterName);
        try
        {
            RequireNameForShard();
            if (InputObject is not null)
                _cells.Check(InputObject);
            ConnectRequest request = ToRequest();
            if (IsInShard(request.NameOrTarget))
                _requests.Add(request);
        }
        catch (EtcdException error)
        {
            if (!IsInShard(name ?? NameOfRecord(_records)))
                return;
            _outcome.AddFailure(
                name is null ? null : $"'{name}'",
                new UnreachableCluster(name ?? NameOfRecord(_records), error, DateTimeOffset.UtcNow, TimeSpan.Zero)
                {
                    Ring = InputObject is null ? RingOrNull : RingOf(InputObject),
                }
            );
            ErrorRecord shown = InputErrors.OfCluster(name, error).ToErrorRecord();
            if (MyInvocation.ExpectingInput)
            {
                WriteError(shown);
                return;
            }
            RememberOutcome();
            ThrowTerminatingError(shown);
        }
    }

    /// <summary>Connects to all clusters in parallel.</summary>
    protected override void EndProcessing()
    {
        _state.EndBeginning();
        foreach ((PSObject record, int number) in _rejected.Select((record, index) => (record, index + 1)))
        {
            string name = NameOfRejected(record, number);
            if (IsInShard(name))
                _outcome.AddRejected(name, RingOf(record));
        }
        if (_columns.Warning is { } warning)
            WriteWarning(warning);
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

    // A connection that does not become the default cannot replace one that should have become it and failed.
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
        _outcome.AddFailure(null, new UnreachableCluster(NameOfRecord(1), error, DateTimeOffset.UtcNow, TimeSpan.Zero));
        RememberOutcome();
        return error;
    }

    /// <summary>Returns the request of the parameters after a check of its form.</summary>
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
            Ring = RingOrNull,
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
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        long started = Stopwatch.GetTimestamp();
        try
        {
            EtcdConnection connection = await EngineSource.Engine.ConnectAsync(request, observer, cancellationToken);
            connection.Ring = request.Ring;
            _state.Keep(connection, asDefault: IsOnlyOne && !NoDefault);
            _outcome.AddConnected();
            observer.Emit(connection);
        }
        catch (EtcdException error)
        {
            _outcome.AddFailure(
                request.Description,
                new UnreachableCluster(request.NameOrTarget, error, startedAt, Stopwatch.GetElapsedTime(started))
                {
                    Ring = request.Ring,
                }
            );
            EtcdException shown = InputErrors.OfCluster(request.ClusterName, error);
            if (!MyInvocation.ExpectingInput)
                throw shown;
            observer.ReportError(shown);
        }
    }

    /// <summary>Returns the name of the cluster in a record that PowerShell rejected.</summary>
    private static string NameOfRejected(PSObject record, int number) =>
        NullIfBlank(record.Properties[nameof(ClusterName)]?.Value?.ToString())
        ?? string.Create(CultureInfo.InvariantCulture, $"rejected record {number}");

    private static string NameOfRecord(int number) => string.Create(CultureInfo.InvariantCulture, $"record {number}");

    // An empty cell of a CSV file.
    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
