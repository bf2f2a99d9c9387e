using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>A real etcd cluster behind an API server that lists its members as pods.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    public const string Token = "test-token-of-the-admin";

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly bool _isEtcdShared;

    private ControlPlane(TestEtcdCluster etcd, bool isEtcdShared, FakeApiServer api)
    {
        Etcd = etcd;
        _isEtcdShared = isEtcdShared;
        Api = api;
        KubeConfig = KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token(Token)));
    }

    public TestEtcdCluster Etcd { get; }

    public FakeApiServer Api { get; }

    public string KubeConfig { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ControlPlane> StartAsync(
        ClusterOptions? options = null,
        Func<TestEtcdCluster, IReadOnlyList<FakePod>>? pods = null
    )
    {
        TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            options ?? new ClusterOptions { Members = 3, Tls = TlsMode.Mutual },
            Cancellation
        );
        try
        {
            return await StartAsync(etcd, isEtcdShared: false, pods);
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }

    /// <summary>An API server of its own, in front of an etcd that several tests use.</summary>
    public static async Task<ControlPlane> StartAsync(
        SharedEtcd shared,
        ClusterOptions options,
        Func<TestEtcdCluster, IReadOnlyList<FakePod>>? pods = null
    ) => await StartAsync(await shared.GetAsync(options), isEtcdShared: true, pods);

    public KubernetesConnectRequest Request(EtcdPodAccess access) =>
        new()
        {
            KubeConfig = KubeConfig,
            CallTimeout = Timeout,
            Access = access,
            Tls =
                access is EtcdPodAccess.Exec || Etcd.Certificates is not { } certificates
                    ? new TlsRequest()
                    : new TlsRequest
                    {
                        CACertificate = CertificateSource.FromFile(certificates.Ca),
                        ClientCertificate = CertificateSource.FromFile(certificates.Client.Certificate),
                        ClientKey = CertificateSource.FromFile(certificates.Client.Key),
                    },
        };

    public Task<PodConnection> ConnectAsync(
        EtcdPodAccess access,
        Func<KubernetesConnectRequest, KubernetesConnectRequest>? with = null
    ) => PodConnection.OpenAsync(with?.Invoke(Request(access)) ?? Request(access));

    public Task<EtcdException> RefusedAsync(
        EtcdPodAccess access,
        Func<KubernetesConnectRequest, KubernetesConnectRequest>? with = null
    ) => PodConnection.RefusedAsync(with?.Invoke(Request(access)) ?? Request(access));

    public async ValueTask DisposeAsync()
    {
        foreach (Exception failure in Api.Failures)
            TestContext.Current.TestOutputHelper?.WriteLine($"The API server itself: {failure}");
        await Api.DisposeAsync();
        if (!_isEtcdShared)
            await Etcd.DisposeAsync();
    }

    private static async Task<ControlPlane> StartAsync(
        TestEtcdCluster etcd,
        bool isEtcdShared,
        Func<TestEtcdCluster, IReadOnlyList<FakePod>>? pods
    )
    {
        FakeApiServer api = await FakeApiServer.StartAsync();
        try
        {
            api.Pods.AddRange((pods ?? EtcdPods.Kubeadm)(etcd));
            api.Users.Add(new ApiUser("admin") { Token = Token });
            return new ControlPlane(etcd, isEtcdShared, api);
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }
}
