using System.Net.Http.Headers;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>Provides the login for each request to an API server.</summary>
internal interface ITokenProvider
{
    Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken);
}
