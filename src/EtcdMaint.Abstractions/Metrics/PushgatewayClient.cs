using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EtcdMaint.Metrics;

/// <summary>
/// Sends metrics to a Pushgateway. Each cluster is a group of its own, so that shards and machines do not replace the
/// metrics of each other.
/// </summary>
internal sealed class PushgatewayClient : IDisposable
{
    /// <summary>The characters of a response that an error shows.</summary>
    private const int BodyShown = 300;

    private readonly HttpClient _http;

    private readonly string _gateway;

    private readonly string _job;

    private readonly TimeSpan _timeout;

    /// <param name="gateway">The address of the Pushgateway, with its path prefix if it has one.</param>
    /// <param name="job">The value of the label <c>job</c>.</param>
    /// <param name="login">The user and the password; null for none.</param>
    /// <param name="timeout">The time limit of each request.</param>
    /// <exception cref="EtcdException">The address cannot be used.</exception>
    public PushgatewayClient(Uri gateway, string job, NetworkCredential? login, TimeSpan timeout)
    {
        _gateway = Check(gateway).AbsoluteUri.TrimEnd('/');
        _job = job;
        _timeout = timeout;
        // A redirect would send the login and the metrics to an address that the user did not specify.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = timeout })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (login is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.UserName}:{login.Password}"))
            );
    }

    /// <summary>The address, which contains no login.</summary>
    public override string ToString() => _gateway;

    /// <summary>Replaces the metrics of the cluster.</summary>
    /// <exception cref="EtcdException">The Pushgateway did not accept them.</exception>
    public async Task PushAsync(string cluster, string text, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_timeout);
        try
        {
            using var content = new StringContent(text, Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(MetricText.ContentType);
            using var request = new HttpRequestMessage(HttpMethod.Put, AddressOf(cluster)) { Content = content };
            using HttpResponseMessage response = await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token)
                .ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw MetricErrors.GatewayLoginRejected(_gateway, response.StatusCode);
            if (!response.IsSuccessStatusCode)
            {
                string body = await ReadBeginningAsync(response, limited.Token).ConfigureAwait(false);
                throw MetricErrors.MetricsRejected(_gateway, cluster, response.StatusCode, body);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw MetricErrors.GatewayTimeout(_gateway, _timeout);
        }
        catch (HttpRequestException cause) when (cause.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            throw MetricErrors.GatewayUntrusted(_gateway, cause);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException)
        {
            throw MetricErrors.GatewayUnreachable(_gateway, cause);
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri Check(Uri gateway)
    {
        if (!gateway.IsAbsoluteUri || gateway.Scheme is not ("http" or "https"))
            throw MetricErrors.GatewayUnusable("is not an address that begins with http:// or https://");
        if (gateway.UserInfo.Length > 0)
            throw MetricErrors.GatewayUnusable("contains a user or a password");
        if (gateway.Query.Length + gateway.Fragment.Length > 0)
            throw MetricErrors.GatewayUnusable("contains a query or a fragment");
        return gateway;
    }

    private Uri AddressOf(string cluster) =>
        new($"{_gateway}/metrics/{Segment("job", _job)}/{Segment("cluster", cluster)}");

    /// <summary>
    /// A label of the group in the path. A value that a path cannot contain, or that a proxy could change, is encoded
    /// as base64. The Pushgateway supports this from version 0.9 on.
    /// </summary>
    private static string Segment(string label, string value)
    {
        bool isPlain =
            value.Any(char.IsAsciiLetterOrDigit)
            && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        if (isPlain)
            return $"{label}/{value}";
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(value)).Replace('+', '-').Replace('/', '_');
        return $"{label}@base64/{(encoded.Length > 0 ? encoded : "=")}";
    }

    private static async Task<string> ReadBeginningAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[BodyShown];
        int length = await stream.ReadAtLeastAsync(buffer, BodyShown, false, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}
