using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>A kubeconfig needs YamlDotNet, which is loaded only for access through Kubernetes.</summary>
[Trait("Kind", "Real")]
public sealed class KubernetesLoadingTests
{
    [Fact]
    public async Task Only_access_through_Kubernetes_loads_YamlDotNet()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            cancellation: TestContext.Current.CancellationToken
        );
        var context = new OwnContext();
        var engine = (IEtcdEngine)
            Activator.CreateInstance(
                context
                    .LoadFromAssemblyPath(typeof(EtcdEngine).Assembly.Location)
                    .GetType(typeof(EtcdEngine).FullName!)!
            )!;

        EtcdConnection connection = await engine.ConnectAsync(
            new EndpointConnectRequest { Endpoint = [.. etcd.ClientUrls], CallTimeout = TimeSpan.FromSeconds(15) },
            new RunRecorder(),
            TestContext.Current.CancellationToken
        );
        await connection.Cluster.DisposeAsync();
        Assert.Contains("Grpc.Net.Client", context.Loaded);
        Assert.DoesNotContain("YamlDotNet", context.Loaded);

        await using FakeApiServer api = await FakeApiServer.StartAsync();
        string config = KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token("unknown")));
        await Assert.ThrowsAnyAsync<EtcdException>(() =>
            engine.ConnectAsync(
                new KubernetesConnectRequest { KubeConfig = config, CallTimeout = TimeSpan.FromSeconds(5) },
                new RunRecorder(),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("YamlDotNet", context.Loaded);
        Assert.DoesNotContain("KubernetesClient", context.Loaded);
    }

    /// <summary>Loads the engine and its dependencies a second time, and records the names.</summary>
    private sealed class OwnContext() : AssemblyLoadContext("engine")
    {
        private readonly ConcurrentBag<string> _loaded = [];

        public IReadOnlyCollection<string> Loaded => _loaded;

        protected override Assembly? Load(AssemblyName name)
        {
            string path = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
            if (name.Name == "EtcdMaint.Abstractions" || !File.Exists(path))
                return null;
            _loaded.Add(name.Name!);
            return LoadFromAssemblyPath(path);
        }
    }
}
