using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>Converts a failed request to one sentence.</summary>
internal static partial class ApiFailures
{
    public static async Task<ApiServerException> ReadAsync(
        HttpResponseMessage response,
        ApiRequest request,
        string server,
        CancellationToken cancellationToken
    )
    {
        (string said, bool isOwn) = await ReadMessageAsync(response, cancellationToken).ConfigureAwait(false);
        ApiFailure failure = Classify(response.StatusCode, isOwn, request);
        string sentence = failure switch
        {
            ApiFailure.LoginRejected =>
                $"The API server of {server} did not accept the login ({(int)response.StatusCode}).",
            ApiFailure.Forbidden => Forbidden(request, server, said),
            ApiFailure.NotFound => $"{request.Target} no longer exists: {Sentence(said)}",
            ApiFailure.NotServed =>
                $"The server of {server} does not support the request '{request}' (404): {Sentence(said)}",
            ApiFailure.TooManyRequests =>
                $"The API server of {server} is too busy to answer the request '{request}' (429).",
            _ => $"The API server of {server} rejected the request '{request}' "
                + $"({(int)response.StatusCode}): {Sentence(said)}",
        };
        return ApiServerException.Create(failure, sentence, request.Target, RetryAfter(response));
    }

    public static ApiServerException From(Exception error, ApiRequest request, string server)
    {
        if (FromTls(error, request, server) is { } refused)
            return refused;
        if (error is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError })
            return ApiServerException.Create(
                ApiFailure.Unreachable,
                $"The proxy of the API server of {server} did not allow the connection. It may require a login.",
                request.Target,
                null,
                error
            );
        if (error is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
            return ApiServerException.Create(
                ApiFailure.AnswerTooLarge,
                $"The API server of {server} sent more than {ByteText.Of(SizeLimits.KubernetesAnswer)} "
                    + $"for the request '{request}'.",
                request.Target,
                null,
                error
            );
        return IsUnsent(error)
            ? ApiServerException.Create(
                ApiFailure.Unreachable,
                $"The API server of {server} cannot be reached: {Sentence(error.GetBaseException().Message)}",
                request.Target,
                null,
                error
            )
            : ApiServerException.Create(
                ApiFailure.ConnectionLost,
                $"The connection to the API server of {server} was lost.",
                request.Target,
                null,
                error
            );
    }

    public static ApiServerException TimedOut(ApiRequest request, string server) =>
        ApiServerException.Create(
            ApiFailure.TimedOut,
            $"The API server of {server} did not answer the request '{request}' in time.",
            request.Target
        );

    /// <summary>
    /// Returns null if the failure is not about a certificate. Every failure of a handshake has the same type of
    /// exception.
    /// </summary>
    private static ApiServerException? FromTls(Exception error, ApiRequest request, string server)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is not AuthenticationException tls)
                continue;
            if (TlsAlert.Find(tls) is not null)
                return ApiServerException.Create(
                    ApiFailure.LoginRejected,
                    $"The API server of {server} did not accept the client certificate.",
                    request.Target,
                    null,
                    error
                );
            if (TrustFailure.IsIn(tls.Message))
                return ApiServerException.Create(
                    ApiFailure.CertificateRefused,
                    $"The certificate of the API server of {server} is not trusted: {Sentence(tls.Message)}",
                    request.Target,
                    null,
                    error
                );
        }
        return null;
    }

    /// <summary>
    /// Whether no connection was established. Every other error may have occurred after the request was sent. A
    /// cancellation that no caller requested is the connection timeout.
    /// </summary>
    private static bool IsUnsent(Exception error) =>
        error
            is OperationCanceledException
                or HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError
                        or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError
                        or HttpRequestError.VersionNegotiationError,
                };

    /// <param name="code">The status code of the response.</param>
    /// <param name="isOwn">Whether the API server itself wrote the response. A gateway may report an error after it
    /// forwarded the request.</param>
    /// <param name="request">The request. Every API server supports lists, so a server without them is another server
    /// or has another path.</param>
    private static ApiFailure Classify(HttpStatusCode code, bool isOwn, ApiRequest request) =>
        code switch
        {
            HttpStatusCode.Unauthorized => ApiFailure.LoginRejected,
            HttpStatusCode.Forbidden => ApiFailure.Forbidden,
            HttpStatusCode.NotFound => request.Name is null ? ApiFailure.NotServed : ApiFailure.NotFound,
            HttpStatusCode.Gone => ApiFailure.Gone,
            HttpStatusCode.Conflict => ApiFailure.Conflict,
            HttpStatusCode.TooManyRequests => ApiFailure.TooManyRequests,
            HttpStatusCode.RequestTimeout => ApiFailure.ServerError,
            HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => ApiFailure.ConnectionLost,
            >= HttpStatusCode.InternalServerError => isOwn ? ApiFailure.ServerError : ApiFailure.ConnectionLost,
            _ => ApiFailure.Rejected,
        };

    private static string Forbidden(ApiRequest request, string server, string said)
    {
        // The verb in the message may differ from the usual one, because it depends on the release.
        Match denied = DeniedPattern().Match(said);
        (string verb, string resource) = denied.Success
            ? (denied.Groups[1].Value, denied.Groups[2].Value)
            : (request.Verb, request.Resource);
        string where =
            request.Namespace is not null ? $"in namespace {request.Namespace}"
            : request.Name is null ? "in all namespaces"
            : $"on {request.Name}";
        string user = UserPattern().Match(said) is { Success: true } match
            ? $"User {match.Groups[1].Value}"
            : "The user";
        string also = request.NeedsGetToo ? $"; the role must allow both get and {request.Verb}" : "";
        return $"{user} may not {verb} {resource} {where} of {server}{also}.";
    }

    private static async Task<(string Text, bool IsOwn)> ReadMessageAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        string body;
        try
        {
            body = await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return (response.ReasonPhrase ?? "", false);
        }
        try
        {
            V1Status? status = KubernetesJson.Parse(Encoding.UTF8.GetBytes(body), V1Status.Read);
            return (status?.Message ?? response.ReasonPhrase ?? "", status?.IsNamed is true);
        }
        catch (JsonException)
        {
            // The body is a page of a proxy and not a response of the API server.
            return (body.Length is > 0 and < 300 ? body : response.ReasonPhrase ?? "", false);
        }
    }

    /// <summary>Returns an empty string if the body is longer than any Status.</summary>
    private static async Task<string> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        MemoryStream? whole = await LimitedRead
            .ToEndAsync(body, SizeLimits.KubernetesStatus, cancellationToken)
            .ConfigureAwait(false);
        return whole is null ? "" : Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - DateTimeOffset.UtcNow);

    private static string Sentence(string text) => text.Trim().TrimEnd('.').ReplaceLineEndings(" ") + ".";

    [GeneratedRegex(@"cannot (\w+) resource ""([^""]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex DeniedPattern();

    [GeneratedRegex(@"User ""([^""]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex UserPattern();
}
