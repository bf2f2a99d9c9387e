using System.Net.Http.Headers;
using System.Text.Json;

namespace EtcdMaint.TestCluster;

/// <summary>
/// The JSON gateway of every member: sufficient to load and inspect a cluster, and independent of the tested client.
/// </summary>
internal sealed class Gateway : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    // A member that is just starting may accept a request and never answer it.
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(3);

    private readonly HttpClient _client;
    private readonly SemaphoreSlim _login = new(1);
    private volatile string? _token;

    public Gateway(ClusterCertificates? certificates)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            MaxConnectionsPerServer = 16,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        };
        if (certificates is not null)
        {
            // The gateway must also accept an expired certificate that a test makes a member present.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
            handler.SslOptions.ClientCertificates =
            [
                System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(
                    certificates.Client.Certificate,
                    certificates.Client.Key
                ),
            ];
        }
        _client = new HttpClient(handler) { Timeout = RequestTimeout };
    }

    /// <summary>The user to log in as; null while auth is disabled.</summary>
    public ClusterUser? User { get; set; }

    /// <summary>Sends a request and returns the answer, in which 64-bit integers are strings.</summary>
    /// <exception cref="GatewayException">The member refused the request.</exception>
    public async Task<JsonElement> PostAsync(
        ClusterMember member,
        string path,
        Action<Utf8JsonWriter> writeBody,
        CancellationToken cancellation
    )
    {
        var body = Body(writeBody);
        var token = await TokenAsync(member, cancellation);
        try
        {
            return await SendAsync(member, path, body, token, cancellation);
        }
        catch (GatewayException refused) when (refused.IsBadToken)
        {
            Interlocked.CompareExchange(ref _token, null, token);
            return await SendAsync(member, path, body, await TokenAsync(member, cancellation), cancellation);
        }
    }

    public Task<JsonElement> PostAsync(
        ClusterMember member,
        string path,
        object body,
        CancellationToken cancellation
    ) => PostAsync(member, path, writer => JsonSerializer.Serialize(writer, body), cancellation);

    public Task<JsonElement> StatusAsync(ClusterMember member, CancellationToken cancellation) =>
        PostAsync(member, "maintenance/status", new { }, cancellation);

    /// <summary>Whether the member answers and has a leader; also reads its ID.</summary>
    public async Task<bool> KnowsLeaderAsync(ClusterMember member, CancellationToken cancellation)
    {
        using var deadline = Deadline(cancellation);
        try
        {
            var status = await StatusAsync(member, deadline.Token);
            member.Id = MemberId.Of(status.GetProperty("header").GetProperty("member_id"));
            return status.TryGetProperty("leader", out var leader) && MemberId.Of(leader) != "0";
        }
        catch (Exception error) when (IsTransient(error, cancellation))
        {
            return false;
        }
    }

    /// <summary>
    /// The names of the members that have started once, as this member sees them; empty while it does not know them.
    /// </summary>
    public async Task<IReadOnlyList<string>> MemberNamesAsync(ClusterMember member, CancellationToken cancellation)
    {
        using var deadline = Deadline(cancellation);
        try
        {
            var list = await PostAsync(member, "cluster/member/list", new { }, deadline.Token);
            return
            [
                .. list.GetProperty("members")
                    .EnumerateArray()
                    .Select(entry => entry.TryGetProperty("name", out var name) ? name.GetString()! : "")
                    .Where(name => name.Length > 0),
            ];
        }
        catch (Exception error) when (IsTransient(error, cancellation))
        {
            return [];
        }
    }

    /// <summary>Whether a later attempt may succeed.</summary>
    public static bool IsTransient(Exception error, CancellationToken cancellation) =>
        error is HttpRequestException or GatewayException or JsonException
        || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    public void Dispose()
    {
        _client.Dispose();
        _login.Dispose();
    }

    private async Task<string?> TokenAsync(ClusterMember member, CancellationToken cancellation)
    {
        if (User is not { } user)
            return null;
        if (_token is { } known)
            return known;

        await _login.WaitAsync(cancellation);
        try
        {
            if (_token is null)
            {
                var body = Body(writer =>
                    JsonSerializer.Serialize(writer, new { name = user.Name, password = user.Password })
                );
                _token = (await SendAsync(member, "auth/authenticate", body, null, cancellation))
                    .GetProperty("token")
                    .GetString();
            }
            return _token;
        }
        finally
        {
            _login.Release();
        }
    }

    private async Task<JsonElement> SendAsync(
        ClusterMember member,
        string path,
        ReadOnlyMemory<byte> body,
        string? token,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{member.Addresses.HttpUrl}/v3/{path}");
        request.Content = new ReadOnlyMemoryContent(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", token);

        using var response = await _client.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        var json = answer.Length == 0 ? default : JsonDocument.Parse(answer).RootElement;
        if (response.IsSuccessStatusCode)
            return json;

        throw json.ValueKind == JsonValueKind.Object && json.TryGetProperty("code", out var code)
            ? new GatewayException(code.GetInt32(), json.GetProperty("message").GetString() ?? "")
            : new HttpRequestException(
                $"{request.RequestUri} answered {(int)response.StatusCode}.",
                null,
                response.StatusCode
            );
    }

    private static CancellationTokenSource Deadline(CancellationToken cancellation)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(PollTimeout);
        return deadline;
    }

    private static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return buffer.WrittenMemory;
    }
}
