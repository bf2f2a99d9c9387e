using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EtcdMaint.TestCluster;

/// <summary>A server on loopback with TLS, HTTP/1.1 and HTTP/2 that answers each request as a test defines.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private ScriptedServer(WebApplication app, X509Certificate2 certificate, int port)
    {
        _app = app;
        _certificate = certificate;
        Port = port;
    }

    public int Port { get; }

    public static async Task<ScriptedServer> StartAsync(RequestDelegate answer)
    {
        int port = LoopbackPorts.Take();
        using var authority = new CertificateAuthority("Test server");
        using X509Certificate2 issued = authority.Issue(
            new CertificateSubject("server") { Addresses = ["127.0.0.1"], ForServer = true }
        );
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                port,
                listen =>
                {
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    listen.UseHttps(certificate);
                }
            )
        );
        WebApplication app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new ScriptedServer(app, certificate, port);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _certificate.Dispose();
    }
}
