using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <content>The parameters for access over client endpoints.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    private const string EndpointSet = "Endpoint";

    /// <summary>The client endpoints, each as a URL or host:port.</summary>
    [Parameter(ParameterSetName = EndpointSet, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = LocalSet, ValueFromPipelineByPropertyName = true)]
    [Alias("Endpoints")]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    [Narrowing]
    public string[]? Endpoint { get; set; }

    /// <summary>The domain whose SRV records contain the endpoints.</summary>
    [Parameter(ParameterSetName = EndpointSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    public string? DiscoverySrv { get; set; }

    /// <summary>Whether to use only the specified endpoints, and never the endpoints that members advertise.</summary>
    [Parameter(ParameterSetName = EndpointSet)]
    public SwitchParameter NoDiscovery { get; set; }

    private EndpointConnectRequest ToEndpointRequest()
    {
        string[] endpoints = [.. (Endpoint ?? []).Where(endpoint => !string.IsNullOrWhiteSpace(endpoint))];
        if (endpoints.Length == 0 && string.IsNullOrWhiteSpace(DiscoverySrv))
            throw InputErrors.NoEndpoint();
        return new EndpointConnectRequest
        {
            Endpoint = endpoints,
            DiscoverySrv = NullIfBlank(DiscoverySrv),
            NoDiscovery = NoDiscovery,
        };
    }
}
