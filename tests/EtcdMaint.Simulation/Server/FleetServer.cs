using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EtcdMaint.Simulation.Server;

/// <summary>The server behind the addresses of all members.</summary>
internal sealed class FleetServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    /// <param name="answer">Answers a call to the member at an address.</param>
    /// <param name="pageOf">Returns the metrics page of the member at an address.</param>
    public FleetServer(Func<IPAddress, HttpContext, Task> answer, Func<IPAddress, string> pageOf)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.MaxConcurrentConnections = null;
                kestrel.Listen(
                    IPAddress.Any,
                    0,
                    listen =>
                    {
                        listen.Protocols = HttpProtocols.Http2;
                        listen.Use(next => new PlainMetrics(next, pageOf).ServeAsync);
                    }
                );
            });
        _server = builder.Build();
        _server.Run(context => answer(context.Connection.LocalIpAddress!, context));
    }

    /// <summary>Starts the server and returns its port.</summary>
    public async Task<int> StartAsync()
    {
        await _server.StartAsync();
        return new Uri(_server.Urls.Single()).Port;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
