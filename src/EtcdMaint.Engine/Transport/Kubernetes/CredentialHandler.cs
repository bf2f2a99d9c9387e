using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Says with each request who is asking. What a plugin gave may have been revoked before its time; the API server looks
/// at the login before anything else, so a request that it refused can be sent again with a new one.
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

    /// <summary>An exception that no check foresaw is an error of this connection only, like the others.</summary>
    private async Task PrepareAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            // The name to verify is taken from here, through a proxy too (SslOptions.TargetHost is ignored).
            request.Headers.Host = settings.ServerName;
            Impersonation.AddTo(request, settings.Impersonation);
            await LogInAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unforeseen) when (unforeseen is not (EtcdException or OperationCanceledException))
        {
            throw KubeConfigErrors.LoginUnusable(
                $"The login to the API server of {settings.Name} could not be prepared ({unforeseen.GetType().Name}).",
                "Check the user of the kubeconfig, and its credential plugin where it has one."
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
