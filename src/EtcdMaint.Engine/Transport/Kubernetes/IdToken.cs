using System.Net.Http.Headers;
using System.Text.Json;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The token that the oidc auth provider keeps in a kubeconfig. It is used while it is valid and is never renewed: a
/// refresh token may be valid only once, and kubectl would not have the new one.
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
    /// Reads the claim <c>exp</c>, in seconds since 1970. If it cannot be read, the API server decides. Source: RFC
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
