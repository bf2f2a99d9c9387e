using System.Net;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Reads the body of a refused WebSocket request. The WebSocket client reports only the status code, and the reason is
/// in the body.
/// </summary>
internal sealed class UpgradeFailureHandler(ApiRequest request, string server) : DelegatingHandler
{
    public EtcdException? Failure { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage message,
        CancellationToken cancellationToken
    )
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            Failure = failed;
            throw;
        }
        if (response.StatusCode is not HttpStatusCode.SwitchingProtocols)
            Failure = await ApiFailures.ReadAsync(response, request, server, cancellationToken).ConfigureAwait(false);
        return response;
    }
}
