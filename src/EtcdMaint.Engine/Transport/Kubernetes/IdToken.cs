using System.Net.Http.Headers;
using System.Text.Json;
using k8s.Authentication;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The token that the auth provider oidc keeps in a kubeconfig. It is used for as long as it is valid and never
/// renewed: a refresh token may be good for one time only, and kubectl would not have its successor.
/// </summary>
internal sealed class IdToken(string token) : ITokenProvider
{
    private readonly DateTimeOffset _expires = ReadExpiry(token);

    public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        DateTimeOffset.UtcNow < _expires
            ? Task.FromResult(new AuthenticationHeaderValue("Bearer", token))
            : throw KubeConfigErrors.IdTokenUnusable(
                $"has an id-token that expired at {_expires:yyyy-MM-dd HH:mm:ss}Z"
            );

    /// <summary>
    /// The claim <c>exp</c>, in seconds since 1970. What cannot be read is for the API server to judge. Source: RFC
    /// 7519.
    /// </summary>
    private static DateTimeOffset ReadExpiry(string token)
    {
        try
        {
            string claims = token.Split('.') is [_, { } second, _] ? second.Replace('-', '+').Replace('_', '/') : "";
            using JsonDocument read = JsonDocument.Parse(
                Convert.FromBase64String(claims.PadRight((claims.Length + 3) / 4 * 4, '='))
            );
            return DateTimeOffset.FromUnixTimeSeconds((long)read.RootElement.GetProperty("exp").GetDouble());
        }
        catch (Exception error)
            when (error
                    is FormatException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentOutOfRangeException
            )
        {
            return DateTimeOffset.MaxValue;
        }
    }
}
