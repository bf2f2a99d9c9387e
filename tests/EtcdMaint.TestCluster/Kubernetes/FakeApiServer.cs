using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>
/// A Kubernetes API server that supports only pods and their namespaces, with the real protocol: TLS, logins by
/// certificate and token, roles, lists with label selectors and pages, exec, port-forward, a kubelet's stats; and
/// faults on request.
/// </summary>
public sealed class FakeApiServer : IAsyncDisposable
{
    private readonly CertificateAuthority _authority;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private WebApplication? _app;

    private FakeApiServer(string serverHost, CertificateAuthority authority)
    {
        _authority = authority;
        using X509Certificate2 issued = _authority.Issue(
            new CertificateSubject("kube-apiserver")
            {
                HostNames = [serverHost],
                Addresses = serverHost == "localhost" ? ["127.0.0.1", "::1"] : [],
                ForServer = true,
            }
        );
        _certificate = X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null);
        Port = LoopbackPorts.Take();
        Folder = ThrowAwayFolder.Create("kubernetes");
    }

    public int Port { get; }

    public string Url => $"https://127.0.0.1:{Port}";

    public string AuthorityPem => _authority.CertificatePem;

    public string FolderPath => Folder.FullPath;

    public List<FakePod> Pods { get; } = [];

    public List<ApiUser> Users { get; } = [];

    public ApiFaults Faults { get; } = new();

    /// <summary>Whether exec supports v5, which can close the input.</summary>
    public bool SupportsV5 { get; set; } = true;

    /// <summary>
    /// Whether exec and port-forward need get and create, as from Kubernetes 1.35 on. Before, get was sufficient.
    /// </summary>
    public bool ChecksCreate { get; set; } = true;

    /// <summary>Whether it supports HTTP/2 from the next start on; many load balancers do not.</summary>
    public bool SpeaksHttp2 { get; set; } = true;

    /// <summary>The maximum number of pods in one page of a list that supports pages.</summary>
    public int PageSize { get; set; } = int.MaxValue;

    /// <summary>The free bytes that the kubelet of each node reports.</summary>
    public long FreeDisk { get; set; } = 50L << 30;

    /// <summary>The free bytes that the kubelet reports for each volume that it measures.</summary>
    public long FreeVolume { get; set; } = 40L << 30;

    /// <summary>The number of requests of a kind that were served or refused.</summary>
    public int Count(ApiKind kind) => _counts.GetValueOrDefault(kind.ToString());

    /// <summary>The last request of each kind: path and query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>
    /// The headers of each request, in the order of <see cref="Requests"/>; a vertical bar separates the values of
    /// repeated headers.
    /// </summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Headers { get; } = new();

    /// <summary>Unexpected errors of this server itself.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>The number of open streams.</summary>
    public int OpenStreams => _counts.GetValueOrDefault("streams");

    internal ThrowAwayFolder Folder { get; }

    /// <param name="serverHost">The host of its certificate.</param>
    /// <param name="hasIntermediate">Whether its authority is an intermediate with an unknown root.</param>
    public static async Task<FakeApiServer> StartAsync(string serverHost = "localhost", bool hasIntermediate = false)
    {
        var server = new FakeApiServer(serverHost, CreateAuthority(hasIntermediate));
        await server.ListenAsync();
        return server;
    }

    /// <summary>A client certificate and key in PEM with the user's name as common name.</summary>
    public (string Certificate, string Key) IssueClient(string user, bool expired = false)
    {
        var subject = new CertificateSubject(user);
        using X509Certificate2 issued = _authority.Issue(expired ? subject.Expired() : subject);
        using System.Security.Cryptography.ECDsa key = issued.GetECDsaPrivateKey()!;
        return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Stops it at once, with all streams.</summary>
    public async Task StopAsync()
    {
        if (_app is null)
            return;
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await ListenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _certificate.Dispose();
        _authority.Dispose();
        await Folder.DisposeAsync();
    }

    private static CertificateAuthority CreateAuthority(bool isIntermediate)
    {
        var root = new CertificateAuthority("Test Kubernetes");
        if (!isIntermediate)
            return root;
        using (root)
            return root.IssueIntermediate("Test Kubernetes intermediate");
    }

    private async Task ListenAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                Port,
                listen =>
                {
                    listen.Protocols = SpeaksHttp2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = _certificate;
                        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;

                        // The request handler identifies and authorizes the client, as an API server does.
                        https.ClientCertificateValidation = (_, _, _) => true;
                    });
                }
            )
        );
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(HandleAsync);
        await _app.StartAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (DiscoveryPages.Find(context.Request.Path) is { } page)
        {
            await WriteAsync(context, page);
            return;
        }
        ApiRoute? route = ApiRoute.Parse(context.Request);
        if (route is null)
        {
            await ApiStatus.WriteAsync(context, 404, "the server could not find the requested resource");
            return;
        }
        Add(route.Kind.ToString(), 1);
        Headers.Enqueue(
            context.Request.Headers.ToDictionary(
                h => h.Key,
                h => string.Join('|', h.Value.ToArray()),
                StringComparer.OrdinalIgnoreCase
            )
        );
        Requests.Enqueue($"{context.Request.Path}{context.Request.QueryString}");
        if (!Faults.BeginsStall(route.Command))
            await Faults.Stalled.WaitAsync(context.RequestAborted);
        if (await new ApiDoor(Faults, Users, AuthorityPem, ChecksCreate).IsClosedAsync(context, route))
            return;
        switch (route.Kind)
        {
            case ApiKind.List:
                await ListAsync(context, route);
                break;
            case ApiKind.Namespaces:
                await WriteAsync(context, Namespaces());
                break;
            case ApiKind.Get:
                await GetAsync(context, route);
                break;
            case ApiKind.Stats:
                await StatsAsync(context, route.Name!);
                break;
            default:
                await StreamAsync(context, route);
                break;
        }
    }

    private async Task ListAsync(HttpContext context, ApiRoute route)
    {
        FakePod[] all =
        [
            .. Pods.Where(p => route.Action.Namespace is not { } place || p.Namespace == place).Where(route.Selects),
        ];
        int start = int.TryParse(context.Request.Query["continue"], out int given) ? given : 0;
        if (start > 0 && Faults.IsPageExpired())
        {
            await ApiStatus.WriteAsync(
                context,
                410,
                "The provided continue parameter is too old to display a consistent list result."
            );
            return;
        }

        // A list from the cache is returned completely, regardless of the limit.
        bool inPages =
            context.Request.Query.ContainsKey("limit") && !context.Request.Query.ContainsKey("resourceVersion");
        FakePod[] page = [.. all.Skip(start).Take(inPages ? PageSize : int.MaxValue)];
        var list = new JsonObject
        {
            ["kind"] = "PodList",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = "4711",
                ["continue"] = start + page.Length < all.Length ? $"{start + page.Length}" : "",
            },
            ["items"] = new JsonArray([.. page.Select(p => p.Show())]),
        };
        await WriteAsync(context, list);
    }

    private JsonObject Namespaces() =>
        new()
        {
            ["kind"] = "NamespaceList",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = "4711" },
            ["items"] = new JsonArray([
                .. Pods.Select(p => p.Namespace)
                    .Append("default")
                    .Distinct()
                    .Order()
                    .Select(n => new JsonObject { ["metadata"] = new JsonObject { ["name"] = n } }),
            ]),
        };

    private async Task StatsAsync(HttpContext context, string node)
    {
        var stats = new JsonObject
        {
            ["node"] = new JsonObject
            {
                ["nodeName"] = node,
                ["fs"] = new JsonObject { ["availableBytes"] = FreeDisk, ["capacityBytes"] = FreeDisk * 2 },
            },
            ["pods"] = new JsonArray([.. Pods.Where(p => p.Node == node).Select(PodStats)]),
        };
        await WriteAsync(context, stats);
    }

    /// <summary>A kubelet measures volume claims and empty directories, but no folder of the node.</summary>
    private JsonObject PodStats(FakePod pod) =>
        new()
        {
            ["podRef"] = new JsonObject { ["name"] = pod.Name, ["namespace"] = pod.Namespace },
            ["volume"] = new JsonArray([
                .. pod.Manifest["spec"]!["volumes"]!
                    .AsArray()
                    .Where(v => v!["persistentVolumeClaim"] is not null || v["emptyDir"] is not null)
                    .Select(v => new JsonObject
                    {
                        ["name"] = (string)v!["name"]!,
                        ["availableBytes"] = FreeVolume,
                        ["capacityBytes"] = FreeVolume * 2,
                    }),
            ]),
        };

    private async Task GetAsync(HttpContext context, ApiRoute route)
    {
        if (Pods.Find(p => p.Namespace == route.Action.Namespace && p.Name == route.Name) is not { } pod)
        {
            await ApiStatus.WriteAsync(context, 404, $"pods \"{route.Name}\" not found");
            return;
        }
        JsonObject whole = pod.Show();
        whole["kind"] = "Pod";
        whole["apiVersion"] = "v1";
        await WriteAsync(context, whole);
    }

    private static Task WriteAsync(HttpContext context, JsonObject page)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(page.ToJsonString());
    }

    private async Task StreamAsync(HttpContext context, ApiRoute route)
    {
        FakePod? pod = Pods.Find(p => p.Namespace == route.Action.Namespace && p.Name == route.Name);
        if (pod is null)
        {
            await ApiStatus.WriteAsync(context, 404, $"pods \"{route.Name}\" not found");
            return;
        }
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await ApiStatus.WriteAsync(context, 400, "Upgrade request required");
            return;
        }
        if (!pod.IsRunning)
        {
            await ApiStatus.WriteAsync(
                context,
                500,
                $"unable to upgrade connection: container not found (\"{context.Request.Query["container"]}\")"
            );
            return;
        }
        if (
            route.Kind is ApiKind.Exec
            && Faults.BreakOf(route.Command) is ExecBreak.BadGateway or ExecBreak.CutBeforeAnswer or ExecBreak.NoAnswer
        )
        {
            await BreakAsync(context, pod, route);
            return;
        }
        string[] spoken =
            route.Kind is ApiKind.Exec && SupportsV5
                ? ["v5.channel.k8s.io", "v4.channel.k8s.io"]
                : ["v4.channel.k8s.io"];
        string? agreed = Array.Find(spoken, context.WebSockets.WebSocketRequestedProtocols.Contains);
        using System.Net.WebSockets.WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(agreed);
        Add("streams", 1);
        try
        {
            await (
                route.Kind is ApiKind.Exec
                    ? new ExecHandler(pod, route.Command, route.HasInput, Faults).RunAsync(
                        socket,
                        context.RequestAborted
                    )
                    : new ForwardHandler(pod, route.Port, Faults).RunAsync(socket, context.RequestAborted)
            );
        }
        catch (Exception error)
            when (error is OperationCanceledException or System.Net.WebSockets.WebSocketException or IOException)
        {
            // The client has disconnected, or a fault closed the stream.
        }
        catch (Exception error)
        {
            Failures.Enqueue(error);
            throw;
        }
        finally
        {
            Add("streams", -1);
        }
    }

    private async Task BreakAsync(HttpContext context, FakePod pod, ApiRoute route)
    {
        ExecBreak? how = Faults.BreakOf(route.Command);
        await new ExecHandler(pod, route.Command, hasInput: false, Faults).RunUnseenAsync(CancellationToken.None);
        if (how is ExecBreak.NoAnswer)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        if (how is not ExecBreak.BadGateway)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = 502;
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync(
            "<html><h1>502 Bad Gateway</h1>The server returned an invalid or incomplete response.</html>"
        );
    }

    private void Add(string what, int count) => _counts.AddOrUpdate(what, count, (_, old) => old + count);
}
