using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Completes the parameters for Kubernetes. It does not run credential plugins, because a plugin may open a browser or
/// wait for user input.
/// </summary>
internal static class KubernetesNameLister
{
    public static async Task<IReadOnlyList<string>> ListAsync(
        KubernetesKind kind,
        KubernetesConnectRequest request,
        CancellationToken cancellationToken
    )
    {
        if (kind is KubernetesKind.Context)
            return KubeConfigLoader.ListContexts(request);
        using ApiServerSettings settings = KubeConfigLoader.Load(request, _ => { });
        if (settings.Token is ExecPlugin)
            return [];
        using var api = new ApiServer(settings);
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        if (kind is KubernetesKind.Namespace)
            return await api.ListNamespacesAsync(limit).ConfigureAwait(false);
        IReadOnlyList<EtcdPod> pods = await new PodDiscovery(api, request, settings.Namespace)
            .FindAsync(limit, _ => { })
            .ConfigureAwait(false);
        return [.. pods.Select(p => p.Name)];
    }
}
