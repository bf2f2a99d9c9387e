using EtcdMaint.Engine.Connecting;
using EtcdMaint.Engine.Connecting.Endpoint;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Connecting.Local;
using EtcdMaint.Engine.Connecting.Ssh;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine;

/// <summary>The entry point of the engine. The cmdlets create it by name, in the load context of the engine.</summary>
internal sealed class EtcdEngine : IEtcdEngine
{
    public KubernetesContext? FindKubernetesContext(IReadOnlyList<string> listedKubeConfigs) =>
        listedKubeConfigs.Count > 0 || KubectlConfigDetector.AreThere
            ? KubernetesConnector.FindContext(listedKubeConfigs)
            : null;

    public Task<IReadOnlyList<string>> ListKubernetesNamesAsync(
        KubernetesKind kind,
        KubernetesConnectRequest request,
        CancellationToken cancellationToken
    ) => KubernetesNameLister.ListAsync(kind, request, cancellationToken);

    public Task<EtcdSnapshotReport> TestSnapshotAsync(
        string path,
        IRunObserver observer,
        CancellationToken cancellationToken
    ) => SnapshotTester.TestAsync(path, TimeProvider.System, observer, cancellationToken);

    public async Task<EtcdConnection> ConnectAsync(
        ConnectRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (request is KubernetesConnectRequest or EndpointConnectRequest { Tls.IsEmpty: false })
            TrustStoreWarmup.ReadAhead();
        FoundCluster found = await FindAsync(request, observer, cancellationToken).ConfigureAwait(false);
        var cluster = new EtcdCluster(found, request.QuotaBytes, TimeProvider.System);
        try
        {
            if (!request.NoVerify)
                await cluster.VerifyAsync(new CallBudget(request.CallTimeout, cancellationToken)).ConfigureAwait(false);
            return cluster.Connection;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void GetSnapshotUsage(
        SnapshotUsageRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    ) => new SnapshotUsageRun(request, observer).Run(cancellationToken);

    private static async Task<FoundCluster> FindAsync(
        ConnectRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await FindByAsync(request, observer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unforeseen) when (unforeseen is not (EtcdException or OperationCanceledException))
        {
            // An error of one connection must not stop the others.
            throw new EtcdException(
                ErrorIds.UnexpectedError,
                EtcdErrorCategory.NotSpecified,
                $"The connection could not be established: {unforeseen.Message}",
                "Report this as a bug.",
                request.ClusterName,
                unforeseen
            );
        }
    }

    private static Task<FoundCluster> FindByAsync(
        ConnectRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    ) =>
        request switch
        {
            EndpointConnectRequest endpoint => EndpointConnector.OpenAsync(endpoint, observer, cancellationToken),
            KubernetesConnectRequest kubernetes => KubernetesConnector.OpenAsync(
                kubernetes,
                observer,
                cancellationToken
            ),
            SshConnectRequest ssh => Task.FromResult(SshConnector.Open(ssh, observer)),
            LocalConnectRequest local => LocalConnector.OpenAsync(local, observer, cancellationToken),
            _ => throw new InvalidOperationException($"No connector supports {request.GetType().Name}."),
        };
}
