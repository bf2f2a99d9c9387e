using System.Text.Json;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;
using Microsoft.AspNetCore.Http;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>Reading any spec and status of a pod gives a value or an error with an ID, at a bounded cost.</summary>
[Trait("Kind", "Real")]
public sealed class RandomPodTests(ITestOutputHelper output)
{
    private const int Rounds = 6000;

    /// <summary>For one pod of a few kilobytes.</summary>
    private const long MostBytes = 32L << 20;

    private static readonly EtcdLayout[] Layouts =
    [
        .. KnownLayouts.All,
        new EtcdLayout("none"),
        new EtcdLayout("with a container") { Container = "etcd" },
    ];

    private static readonly KubernetesConnectRequest[] Requests =
    [
        new(),
        new() { PodName = ["*"] },
        new() { LabelSelector = "app=etcd", ClientPort = 2379 },
        new() { Container = "etcd", RemoteCACertificatePath = "/ca" },
        new()
        {
            Namespace = "x",
            Tls = new TlsRequest { SkipCertificateCheck = true },
        },
    ];

    [Fact]
    public void Any_pod_gives_a_value_or_an_error_with_an_ID()
    {
        var random = new Random(20);
        var pods = new RandomPod(random);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string json = pods.Create().ToJsonString();
            V1Pod pod;
            try
            {
                pod = ObjectText.Read(json, V1Pod.Read);
            }
            catch (Exception error) when (error is JsonException or FormatException)
            {
                // Reported as the answer of a server that is not an API server.
                continue;
            }
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read += Use(pod, Layouts[random.Next(Layouts.Length)], Requests[random.Next(Requests.Length)]);
            }
            catch (Exception error) when (error is not EtcdException)
            {
                Assert.Fail($"Round {round}: {error}\n{json}");
            }
            long took = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(took < MostBytes, $"Round {round}: {took} bytes\n{json}");
        }
        output.WriteLine($"{read} of {Rounds} had a container for etcd.");
        Assert.True(read > Rounds / 10);
    }

    [Theory]
    [InlineData(60, 2)]
    [InlineData(20_000, 1)]
    public void Variables_that_refer_to_each_other_do_not_grow_without_limit(int count, int times)
    {
        string first = new('x', 50_000);
        var container = new V1Container
        {
            Name = "etcd",
            Command = ["etcd", $"--name=$(V{count - 1})"],
            Env =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => new V1EnvVar
                    {
                        Name = $"V{i}",
                        Value =
                            i == 0 ? first : string.Concat(Enumerable.Repeat($"$(V{(times == 1 ? 0 : i - 1)})", times)),
                    }),
            ],
        };
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "a", Namespace = "b" },
            Spec = new V1PodSpec { Containers = [container] },
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        EtcdPod read = new PodReader(new KubernetesConnectRequest()).Read(pod, new EtcdLayout("test"))!;
        long took = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{took:N0} bytes");
        Assert.True(took < MostBytes, $"{took} bytes");
        Assert.True(read.MemberName is null || read.MemberName.Length <= 128 * 1024);
    }

    [Theory]
    [InlineData("""{"items":[{"metadata":{"deletionTimestamp":"yesterday"}}]}""", "cannot be read")]
    [InlineData("""{"items":[{"spec":{"containers":[{"name":"\ud800"}]}}]}""", "not JSON")]
    [InlineData("""{"items":[]} {}""", "not JSON")]
    [InlineData("""{"items":[{"spec":{"containers":[{"name":"a"}""", "not JSON")]
    [InlineData("""{"items":[{"metadata":5}]}""", "not JSON")]
    [InlineData("""<html>""", "not JSON")]
    [InlineData(
        """{"items":[null,{},{"metadata":{"name":"a","namespace":"b"}},{"metadata":{"name":"a","namespace":"b"},"spec":{"containers":[null]}}]}""",
        null
    )]
    [InlineData("""{}""", null)]
    [InlineData("null", null)]
    public async Task An_answer_that_is_not_a_list_of_pods_gives_an_error_with_an_ID_or_no_pods(
        string answer,
        string? why
    )
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(context =>
            context.Response.WriteAsync(answer)
        );
        using var api = new ApiServer(
            new ApiServerSettings
            {
                Server = new Uri($"https://127.0.0.1:{server.Port}"),
                Name = "test",
                SkipCertificateCheck = true,
            }
        );
        var limit = new CallBudget(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        if (why is null)
            Assert.Empty(await api.ListPodsAsync(null, null, limit));
        else
            Assert.Contains(
                why,
                (await Assert.ThrowsAsync<ApiServerException>(() => api.ListPodsAsync(null, null, limit))).Message
            );
    }

    /// <summary>Everything done with a pod before anything is sent to it; 1 if etcd may run in it.</summary>
    private static int Use(V1Pod pod, EtcdLayout layout, KubernetesConnectRequest request)
    {
        if (!PodShape.IsWhole(pod))
        {
            Assert.Null(new PodReader(request).Read(pod, layout));
            return 0;
        }
        _ = layout.IsEtcd(pod) && EtcdContainer.IsIn(pod, request);
        _ = PodRun.Read(pod, "etcd");
        if (new PodReader(request).Read(pod, layout) is not { } read)
            return 0;
        using var forwarded = new ForwardedPodClients(null!, new TlsSettings(), null);
        using var exec = new ExecPodClients(null!, skipCertificateCheck: false, null);
        foreach (PodClients clients in new PodClients[] { forwarded, exec })
        {
            IReadOnlyList<string> hosts = clients.HostsOf(read);
            Assert.NotEmpty(hosts);
            foreach (string host in hosts)
            {
                Assert.True(read.Endpoint(host).Uri.IsAbsoluteUri);
                IMemberClient client = clients.Create(read, host);
                Assert.NotEmpty(client.Place.ToString());
                client.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        Assert.InRange(read.ClientPort, 1, ushort.MaxValue);
        Assert.InRange(read.MetricsPort ?? 1, 1, ushort.MaxValue);
        Assert.True(read.ProbeBudget is not { } budget || budget >= TimeSpan.Zero);
        return 1;
    }
}
