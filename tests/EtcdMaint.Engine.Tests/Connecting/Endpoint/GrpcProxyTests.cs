using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Endpoint;

/// <summary>A real <c>etcd grpc-proxy</c> is recognized and is not mistaken for a member with the ID 0.</summary>
[Trait("Kind", "Real")]
public sealed class GrpcProxyTests
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Rejects_a_proxy_with_its_own_error_over_gRPC_and_etcdctl(string release)
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("proxy");
        string address = $"127.0.0.1:{LoopbackPorts.Take()}";
        using MemberProcess proxy = MemberProcess.Start(
            folder,
            etcd.Binaries.Etcd,
            ["grpc-proxy", "start", $"--endpoints={etcd.ClientUrls[0]}", $"--listen-addr={address}"],
            folder.Combine("log")
        );

        ConnectRequest[] requests =
        [
            new EndpointConnectRequest { Endpoint = [$"http://{address}"], CallTimeout = RealCluster.Timeout },
            new LocalConnectRequest
            {
                Endpoint = [$"http://{address}"],
                EtcdctlPath = etcd.Binaries.Etcdctl,
                CallTimeout = RealCluster.Timeout,
            },
        ];
        foreach (ConnectRequest request in requests)
        {
            EtcdException refused = await RefusedAsync(request, folder.Combine("log"));
            Assert.Equal("EndpointIsProxy", refused.ErrorId);
            Assert.Contains("etcd grpc-proxy", refused.Message);
        }
    }

    /// <summary>Waits until the proxy listens.</summary>
    private static async Task<EtcdException> RefusedAsync(ConnectRequest request, string log)
    {
        EtcdException? refused = null;
        try
        {
            await Poll.UntilAsync(
                async _ =>
                {
                    refused = await Assert.ThrowsAnyAsync<EtcdException>(() => RealCluster.ConnectAsync(request));
                    return refused.ErrorId != "EndpointRefused";
                },
                TimeSpan.FromMinutes(2),
                "the proxy answers",
                Cancellation
            );
        }
        catch (TimeoutException late)
        {
            Assert.Fail($"{late.Message} {refused?.Message} The proxy wrote: {await File.ReadAllTextAsync(log)}");
        }
        return refused!;
    }
}
