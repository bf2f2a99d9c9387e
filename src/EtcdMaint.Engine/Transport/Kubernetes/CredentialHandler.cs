using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Adds the credentials to each request. Credentials of a plugin may be revoked before they expire. The API server
/// checks the login first, so a request that it refused can be sent again with new credentials.
/// </summary>
internal sealed class CredentialHandler(ApiServerSettings settings) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not HttpStatusCode.Unauthorized || settings.Token is not ExecPlugin plugin)
            return response;

        response.Dispose();
        plugin.Forget(request.Headers.Authorization?.Parameter);
        await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reports an unexpected exception as an error of this connection only.</summary>
    private async Task PrepareAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            // .NET verifies the name in this header, also through a proxy (it ignores SslOptions.TargetHost).
            request.Headers.Host = settings.ServerName;
            Impersonation.AddTo(request, settings.Impersonation);
            await LogInAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unforeseen) when (unforeseen is not (EtcdException or OperationCanceledException))
        {
            throw KubeConfigErrors.LoginUnusable(
                $"The login to the API server of {settings.Name} could not be prepared ({unforeseen.GetType().Name}).",
                "Check the user of the kubeconfig, and its credential plugin if it has one."
            );
        }
    }

    private async Task LogInAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (settings.Token is { } token)
            request.Headers.Authorization = await token
                .GetAuthenticationHeaderAsync(cancellationToken)
                .ConfigureAwait(false);
        else if (settings.UserName is { } user)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password}"))
            );
    }
}
