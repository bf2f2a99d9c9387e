using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>Turns what came back instead of an answer into one sentence.</summary>
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
                $"The server of {server} does not support this request: {request} (404): {Sentence(said)}",
            ApiFailure.TooManyRequests => $"The API server of {server} is too busy to {request} (429).",
            _ => $"The API server of {server} did not {request} ({(int)response.StatusCode}): {Sentence(said)}",
        };
        return ApiServerException.Create(failure, sentence, request.Target, RetryAfter(response));
    }

    public static ApiServerException From(Exception error, ApiRequest request, string server)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
            if (cause is AuthenticationException tls)
                return ApiServerException.Create(
                    ApiFailure.CertificateRefused,
                    $"The certificate of the API server of {server} is not trusted: {Sentence(tls.Message)}",
                    request.Target,
                    null,
                    error
                );
        if (error is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError })
            return ApiServerException.Create(
                ApiFailure.Unreachable,
                $"The proxy before the API server of {server} did not let the connection through; it may "
                    + "ask for a login.",
                request.Target,
                null,
                error
            );
        if (error is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
            return ApiServerException.Create(
                ApiFailure.AnswerTooLarge,
                $"The API server of {server} sent more than {ByteText.Of(SizeLimits.KubernetesAnswer)} ({request}).",
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
                $"The connection to the API server of {server} broke.",
                request.Target,
                null,
                error
            );
    }

    public static ApiServerException TimedOut(ApiRequest request, string server) =>
        ApiServerException.Create(
            ApiFailure.TimedOut,
            $"The API server of {server} did not answer in time ({request}).",
            request.Target
        );

    /// <summary>
    /// Whether there never was a connection. All else may have come after the request was sent; a cancellation that
    /// nobody asked for is the limit for connecting.
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

    /// <param name="code">The answer's code.</param>
    /// <param name="isOwn">Whether the API server itself wrote it. A gateway's error may come after it passed the
    /// request on.</param>
    /// <param name="request">A list exists on every API server, so a server without it is another one, or has another
    /// path.</param>
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
        // The server may have asked for another verb than the usual one: which one it is differs between releases.
        Match denied = DeniedPattern().Match(said);
        (string verb, string resource) = denied.Success
            ? (denied.Groups[1].Value, denied.Groups[2].Value)
            : (request.Verb, request.Resource);
        string where =
            request.Namespace is not null ? $"in namespace {request.Namespace}"
            : request.Name is null ? "in all namespaces"
            : $"on {request.Name}";
        string user = UserPattern().Match(said) is { Success: true } match
            ? $"user {match.Groups[1].Value}"
            : "this user";
        return $"The API server of {server} does not let {user} {verb} {resource} {where}.";
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
            V1Status? status = KubernetesJson.Deserialize<V1Status>(body);
            return (status?.Message ?? response.ReasonPhrase ?? "", status?.Kind == V1Status.KubeKind);
        }
        catch (JsonException)
        {
            // A proxy's page rather than an API server's answer.
            return (body.Length is > 0 and < 300 ? body : response.ReasonPhrase ?? "", false);
        }
    }

    /// <summary>Empty when it is longer than a Status ever is.</summary>
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
