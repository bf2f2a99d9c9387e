using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EtcdMaint.TestCluster;

/// <summary>An HTTP/2 load balancer in front of a cluster with TLS, which selects a member for each request.</summary>
public sealed class RequestBalancer : IAsyncDisposable
{
    private readonly HttpClient _members;
    private readonly WebApplication _app;

    private RequestBalancer(HttpClient members, WebApplication app, int port)
    {
        _members = members;
        _app = app;
        Url = $"https://127.0.0.1:{port}";
    }

    public string Url { get; }

    /// <param name="cluster">A cluster with TLS.</param>
    /// <param name="choose">The member for a request with that path.</param>
    public static async Task<RequestBalancer> StartAsync(TestEtcdCluster cluster, Func<string, ClusterMember> choose)
    {
        int port = LoopbackPorts.Take();
        ClusterCertificates certificates =
            cluster.Certificates ?? throw new ArgumentException("The cluster has no TLS.", nameof(cluster));
        var members = new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificates = [Load(certificates.Client)],
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                },
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder
            .WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(server =>
                server.Listen(
                    IPAddress.Loopback,
                    port,
                    listener =>
                    {
                        listener.Protocols = HttpProtocols.Http1AndHttp2;
                        listener.UseHttps(Load(certificates.Server));
                    }
                )
            );
        WebApplication app = builder.Build();
        app.Run(context => ForwardAsync(context, members, new Uri(choose(context.Request.Path).ClientUrl)));
        await app.StartAsync();
        return new RequestBalancer(members, app, port);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _members.Dispose();
    }

    private static async Task ForwardAsync(HttpContext context, HttpClient members, Uri member)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            new Uri(member, context.Request.Path)
        )
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (HttpMethods.IsPost(context.Request.Method))
            request.Content = new StreamContent(context.Request.Body);
        foreach (var header in context.Request.Headers.Where(h => !h.Key.StartsWith(':') && h.Key != "Host"))
            if (!request.Headers.TryAddWithoutValidation(header.Key, [.. header.Value]))
                request.Content?.Headers.TryAddWithoutValidation(header.Key, [.. header.Value]);
        using HttpResponseMessage response = await members.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            context.RequestAborted
        );
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        foreach (var trailer in response.TrailingHeaders)
            context.Response.AppendTrailer(trailer.Key, trailer.Value.ToArray());
    }

    private static X509Certificate2 Load(CertificateFiles files)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }
}
