using System.Net.Http.Headers;
using System.Text;

namespace EtcdMaint.Engine.Transports.Kubernetes;

/// <summary>Says with each request who is asking.</summary>
internal sealed class CredentialHandler(ApiServerSettings settings) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (settings.Token is { } token)
            request.Headers.Authorization = await token.GetAuthenticationHeaderAsync(cancellationToken).ConfigureAwait(false);
        else if (settings.UserName is { } user)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password}")));
        foreach ((string name, string value) in settings.Impersonation)
            request.Headers.TryAddWithoutValidation(name, value);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
