using System.IO.Compression;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using Microsoft.AspNetCore.Http;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>A server in place of a Kubernetes API server sends too much.</summary>
[Trait("Kind", "Real")]
public sealed class ApiServerAnswerLimitTests
{
    private static CallBudget Limit => new(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Rejects_a_list_that_is_too_long()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.ContentLength = SizeLimits.KubernetesAnswer + 1L;
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await HoldOpenAsync(context);
        });
        using ApiServer api = Connect(server);
        ApiServerException refused = await Assert.ThrowsAsync<ApiServerException>(() =>
            api.ListPodsAsync(null, null, Limit)
        );
        Assert.Equal("KubernetesResponseTooLarge", refused.ErrorId);
        Assert.Contains("512 MB", refused.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_exec_with_a_body_that_is_too_long_is_still_reported_as_refused(bool isCompressed)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 403;
            if (isCompressed)
                context.Response.Headers.ContentEncoding = "gzip";
            await using Stream body = isCompressed
                ? new GZipStream(context.Response.Body, CompressionLevel.Fastest)
                : context.Response.Body;
            await body.WriteAsync(new byte[2 * SizeLimits.KubernetesStatus], context.RequestAborted);
            await body.FlushAsync(context.RequestAborted);
            await HoldOpenAsync(context);
        });
        using ApiServer api = Connect(server);
        await using var runner = new PodCommandRunner(api, "kube-system", "etcd-node1", "etcd");
        DialException refused = await Assert.ThrowsAsync<DialException>(() =>
            runner.RunAsync("etcdctl", ["version"], default, Limit)
        );
        Assert.Equal(CallFailure.AccessForbidden, refused.Failure);
    }

    /// <summary>Keeps the answer open until the client closes the connection.</summary>
    private static Task HoldOpenAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    private static ApiServer Connect(ScriptedServer server) =>
        new(
            new ApiServerSettings
            {
                Server = new Uri($"https://127.0.0.1:{server.Port}"),
                Name = "test",
                SkipCertificateCheck = true,
            }
        );
}
