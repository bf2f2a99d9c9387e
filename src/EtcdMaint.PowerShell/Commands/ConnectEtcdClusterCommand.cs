using System.Management.Automation;
using System.Security;

namespace EtcdMaint.Cmdlets;

/// <summary>Makes connections to clusters, each verified by listing its members.</summary>
[Cmdlet(VerbsCommunications.Connect, "EtcdCluster", DefaultParameterSetName = EndpointSet)]
[OutputType(typeof(EtcdConnection))]
public sealed class ConnectEtcdClusterCommand : EtcdCommand
{
    private const string EndpointSet = "Endpoint";

    private readonly List<ConnectRequest> _requests = [];

    private RunspaceConnections _state = null!;

    private int _records;

    /// <summary>Client endpoints, each a URL or host:port.</summary>
    [Parameter(ParameterSetName = EndpointSet, Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[]? Endpoint { get; set; }

    /// <summary>The domain whose SRV records name the endpoints.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    public string? DiscoverySrv { get; set; }

    /// <summary>Use the given endpoints only, never what members advertise.</summary>
    [Parameter(ParameterSetName = EndpointSet)]
    public SwitchParameter NoDiscovery { get; set; }

    /// <summary>The authority that signed the servers' certificates.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    [CertificateSource]
    public CertificateSource? CACertificate { get; set; }

    /// <summary>The certificate to show to the servers.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    [CertificateSource]
    public CertificateSource? ClientCertificate { get; set; }

    /// <summary>The key of the client certificate, when it is not in the same place.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    [CertificateSource]
    public CertificateSource? ClientKey { get; set; }

    /// <summary>The password of an encrypted key or PFX file.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    public SecureString? ClientKeyPassword { get; set; }

    /// <summary>The etcd user.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Do not check the servers' certificates.</summary>
    [Parameter(ParameterSetName = EndpointSet)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>The name to expect in the servers' certificates, when it is not the host's.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    public string? ServerName { get; set; }

    /// <summary>The backend quota to assume where no member tells its own, in bytes.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    public long? QuotaBytes { get; set; }

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

    /// <summary>Warns of what was switched off.</summary>
    protected override void BeginProcessing()
    {
        _state = RunspaceConnections.Current;
        if (SkipCertificateCheck)
            WriteWarning(CertificateCheck.SkippedWarning("-SkipCertificateCheck"));
    }

    /// <summary>Checks one record for form.</summary>
    protected override void ProcessRecord()
    {
        // Before anything can fail: after a failure nothing may go to the cluster that was the default before.
        if (!NoDefault)
            _state.ClearDefault();
        _records++;
        try
        {
            _requests.Add(ToRequest());
        }
        catch (EtcdException error) when (MyInvocation.ExpectingInput)
        {
            WriteError(error.ToErrorRecord());
        }
        catch (EtcdException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }

    /// <summary>Connects to all of them, side by side.</summary>
    protected override void EndProcessing()
    {
        if (_requests.Count > 0)
            Run(ConnectAllAsync);
    }

    private EndpointConnectRequest ToRequest()
    {
        string[] endpoints = [.. (Endpoint ?? []).Where(endpoint => !string.IsNullOrWhiteSpace(endpoint))];
        if (endpoints.Length == 0 && string.IsNullOrWhiteSpace(DiscoverySrv))
            throw InputErrors.NoEndpoint();
        if (QuotaBytes is <= 0)
            throw InputErrors.QuotaNotPositive(QuotaBytes.Value);

        return new EndpointConnectRequest
        {
            ClusterName = NullIfBlank(ClusterName),
            Endpoint = endpoints,
            DiscoverySrv = NullIfBlank(DiscoverySrv),
            NoDiscovery = NoDiscovery,
            NoVerify = NoVerify,
            UserName = Credential?.UserName,
            Password = Credential?.Password,
            QuotaBytes = QuotaBytes,
            CallTimeout = CallTimeout,
            Tls = new TlsRequest
            {
                CACertificate = Existing(CACertificate, nameof(CACertificate)),
                ClientCertificate = Existing(ClientCertificate, nameof(ClientCertificate)),
                ClientKey = Existing(ClientKey, nameof(ClientKey)),
                ClientKeyPassword = ClientKeyPassword,
                ServerName = NullIfBlank(ServerName),
                SkipCertificateCheck = SkipCertificateCheck,
            },
        };
    }

    private async Task ConnectAllAsync(IRunObserver observer, CancellationToken stop)
    {
        using var places = new SemaphoreSlim(ThrottleLimit);
        await Task.WhenAll(_requests.Select(request => ConnectAsync(request, places, observer, stop)));
    }

    private async Task ConnectAsync(
        ConnectRequest request, SemaphoreSlim places, IRunObserver observer, CancellationToken stop)
    {
        await places.WaitAsync(stop);
        try
        {
            EtcdConnection connection = await EngineSource.Engine.ConnectAsync(request, observer, stop);
            _state.Keep(connection, asDefault: _records == 1 && !NoDefault);
            observer.Emit(connection);
        }
        catch (EtcdException error) when (MyInvocation.ExpectingInput)
        {
            observer.Fail(error);
        }
        finally
        {
            places.Release();
        }
    }

    private static CertificateSource? Existing(CertificateSource? source, string parameter) =>
        source?.Path is string path && !File.Exists(path) ? throw InputErrors.CertificateUnusable(parameter, path) : source;

    // An empty cell of a CSV file.
    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
