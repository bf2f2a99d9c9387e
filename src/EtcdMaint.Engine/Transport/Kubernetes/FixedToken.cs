using System.Net.Http.Headers;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>A token that stands in the kubeconfig itself.</summary>
internal sealed class FixedToken(string token) : ITokenProvider
{
    public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new AuthenticationHeaderValue("Bearer", token));
}
