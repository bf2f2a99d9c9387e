using System.Net.Http.Headers;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// A token in a file that another program renews. The file is read for each request, so a new token takes effect at
/// once.
/// </summary>
internal sealed class TokenFile(string path) : ITokenProvider
{
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            string token = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            return new AuthenticationHeaderValue("Bearer", HeaderText.Check(token.Trim(), $"The token file {path}"));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw KubeConfigErrors.Unusable(
                $"The token file {path} cannot be read.",
                "Check the path and its permissions.",
                path,
                cause
            );
        }
    }
}
