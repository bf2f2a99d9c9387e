using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// One API server. Reads are repeated while a failure may be temporary, and WebSockets connect to the nodes. During a
/// run, the API server may lose its own etcd member for seconds.
/// </summary>
internal sealed class ApiServer : IDisposable
{
    private const int UpgradeTries = 3;

    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LeaderMoveThreshold = TimeSpan.FromSeconds(5);

    // Prevents load balancers from closing a stream that is silent while a member is unavailable.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    private readonly ApiServerSettings _settings;
    private readonly Uri _address;
    private readonly HttpMessageHandler _upgrades;
    private readonly HttpClient _http;

    /// <param name="settings">The address and the user. The API server disposes them.</param>
    public ApiServer(ApiServerSettings settings)
    {
        _settings = settings;
        Name = settings.Name;
        _address = ApiConnection.Address(settings);
        _upgrades = ApiConnection.Create(settings, isForOneRequest: true);
        _http = new HttpClient(ApiConnection.Create(settings))
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = SizeLimits.KubernetesAnswer,
        };
    }

    public string Name { get; }

    public async Task<IReadOnlyList<V1Pod>> ListPodsAsync(string? inNamespace, string? labels, CallBudget limit)
    {
        var pods = new List<V1Pod>();
        string? next = null;
        bool inPages = true;
        while (true)
        {
            try
            {
                ApiRequest request = ApiRequest.ListPods(inNamespace, labels, inPages, next);
                V1List<V1Pod>? page = await ReadPodsAsync(request, limit).ConfigureAwait(false);
                pods.AddRange(ItemsOf(page));
                next = page?.Continue;
                if (next is null)
                    return pods;
            }
            catch (ApiServerException gone) when (gone.Failure is ApiFailure.Gone && next is not null)
            {
                // The pages have expired: start again and read the complete list at once.
                pods.Clear();
                next = null;
                inPages = false;
            }
        }
    }

    /// <summary>Returns one pod and needs only the right to list pods. Returns null if no pod has that name.</summary>
    public async Task<V1Pod?> FindPodAsync(string inNamespace, string name, CallBudget limit)
    {
        V1List<V1Pod>? list = await ReadPodsAsync(ApiRequest.FindPod(inNamespace, name), limit).ConfigureAwait(false);
        return ItemsOf(list).FirstOrDefault(p => p.Metadata.Name == name);
    }

    public async Task<IReadOnlyList<string>> ListNamespacesAsync(CallBudget limit)
    {
        V1List<V1Namespace>? list = await ReadAsync(
                ApiRequest.ListNamespaces,
                body => KubernetesJson.Parse(body, V1List<V1Namespace>.Of(V1Namespace.Read)),
                limit
            )
            .ConfigureAwait(false);
        return [.. (list?.Items ?? []).Select(n => n?.Name).OfType<string>()];
    }

    public Task<JsonDocument> ReadStatsAsync(string node, CallBudget limit) =>
        ReadAsync(ApiRequest.KubeletStats(node), body => JsonDocument.Parse(body.AsMemory()), limit);

    /// <summary>
    /// Opens a WebSocket. It tries again while the API server reports that it did not open it, or cannot be reached.
    /// After a broken connection or an error of a gateway, the request may already be running, so it is repeated only
    /// if that does no harm.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="protocols">The subprotocols to choose from.</param>
    /// <param name="runsSomething">Whether the request runs a program.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    public async Task<WebSocket> OpenAsync(
        ApiRequest request,
        IEnumerable<string> protocols,
        bool runsSomething,
        CancellationToken cancellationToken
    )
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await UpgradeAsync(request, protocols, cancellationToken).ConfigureAwait(false);
            }
            catch (ApiServerException failed)
                when (failed.IsPassing
                    && !(runsSomething && failed.Failure is ApiFailure.ConnectionLost)
                    && attempt < UpgradeTries
                )
            {
                await Task.Delay(PauseAfter(failed), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _upgrades.Dispose();
        _settings.Dispose();
    }

    /// <summary>Omits items that are not complete pods.</summary>
    private static IEnumerable<V1Pod> ItemsOf(V1List<V1Pod>? list) => (list?.Items ?? []).Where(PodShape.IsWhole)!;

    private Task<V1List<V1Pod>?> ReadPodsAsync(ApiRequest request, CallBudget limit) =>
        ReadAsync(request, body => KubernetesJson.Parse(body, V1List<V1Pod>.Of(V1Pod.Read)), limit);

    private async Task<T> ReadAsync<T>(ApiRequest request, Func<byte[], T> parse, CallBudget limit)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        limited.CancelAfter(limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero);
        ApiServerException? last = null;
        try
        {
            while (true)
            {
                try
                {
                    return parse(await GetAsync(request, limited.Token).ConfigureAwait(false));
                }
                catch (ApiServerException failed)
                    when (failed.IsPassing && failed.Failure is not ApiFailure.Unreachable)
                {
                    last = failed;
                    await Task.Delay(PauseAfter(failed), limited.Token).ConfigureAwait(false);
                }
                catch (Exception cause) when (cause is JsonException or FormatException or OverflowException)
                {
                    string why = cause is JsonException ? "is not JSON" : "contains a value that cannot be read";
                    throw ApiServerException.Create(
                        ApiFailure.Rejected,
                        $"The server of {Name} is not a Kubernetes API server: its response {why}.",
                        _address.Authority,
                        null,
                        cause
                    );
                }
            }
        }
        catch (EtcdException) when (limit.Stop.IsCancellationRequested)
        {
            // A credential plugin that was stopped by the cancellation reports it as a failure.
            throw new OperationCanceledException(limit.Stop);
        }
        catch (OperationCanceledException) when (!limit.Stop.IsCancellationRequested)
        {
            throw last ?? ApiFailures.TimedOut(request, Name);
        }
    }

    private async Task<byte[]> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(_address, request.Path))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            };
            using HttpResponseMessage response = await _http
                .SendAsync(message, cancellationToken)
                .ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)
                : throw await ApiFailures.ReadAsync(response, request, Name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw ApiFailures.From(error, request, Name);
        }
    }

    private async Task<WebSocket> UpgradeAsync(
        ApiRequest request,
        IEnumerable<string> protocols,
        CancellationToken cancellationToken
    )
    {
        var catcher = new UpgradeFailureHandler(request, Name) { InnerHandler = _upgrades };
        using var invoker = new HttpMessageInvoker(catcher, disposeHandler: false);
        var socket = new ClientWebSocket();
        try
        {
            foreach (string protocol in protocols)
                socket.Options.AddSubProtocol(protocol);
            socket.Options.KeepAliveInterval = PingInterval;
            var address = new UriBuilder(new Uri(_address, request.Path))
            {
                Scheme = _address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
            };
            await socket.ConnectAsync(address.Uri, invoker, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (catcher.Failure is { } failure)
                throw failure;
            cancellationToken.ThrowIfCancellationRequested();
            if (error is WebSocketException)
                throw ApiFailures.From(error.InnerException ?? error, request, Name);
            throw;
        }
    }

    private static TimeSpan PauseAfter(ApiServerException failed) =>
        failed.RetryAfter is not { } asked ? ShortPause
        : asked < LeaderMoveThreshold ? asked
        : LeaderMoveThreshold;
}
