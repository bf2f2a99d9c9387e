using System.Diagnostics;
using System.Net;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Transport.Tcp;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.TestCluster;
using Microsoft.AspNetCore.Http;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>An API server whose name has several addresses.</summary>
[Trait("Kind", "Real")]
public sealed class ApiAddressTests
{
    private const string Name = "api.example";

    private static readonly IPAddress Silent = IPAddress.Parse("127.0.0.2");

    private static CallBudget Limit => new(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    [Fact]
    public async Task An_address_that_does_not_answer_delays_the_next_one_only_briefly()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(context =>
            context.Response.WriteAsync("""{"kind":"NamespaceList","items":[{"metadata":{"name":"kube-system"}}]}""")
        );
        using BlackHole hole = await BlackHole.OpenAsync(Silent, server.Port, Limit.Stop);
        using ApiServer api = Connect(server.Port, Silent, IPAddress.Loopback);
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(["kube-system"], await api.ListNamespacesAsync(Limit));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task When_all_fail_each_address_is_named()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Task.CompletedTask);
        using ApiServer api = Connect(server.Port, IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.0.0.4"));
        ApiServerException refused = await Assert.ThrowsAsync<ApiServerException>(() => api.ListNamespacesAsync(Limit));
        Assert.Equal("KubernetesUnreachable", refused.ErrorId);
        Assert.Contains(
            $"{Name} has 2 addresses (127.0.0.3: Connection refused; 127.0.0.4: Connection refused)",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    private static ApiServer Connect(int port, params IPAddress[] addresses) =>
        new(
            new ApiServerSettings
            {
                Server = new Uri($"https://{Name}:{port}"),
                Name = "test",
                SkipCertificateCheck = true,
                Dialer = new TcpDialer(new ListedHosts(Name, addresses)),
            }
        );
}
