using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Connects through the Kubernetes API server. Only the folders with this name and the one for nodes may use a type of
/// YamlDotNet, which is loaded when this class is first used.
/// </summary>
internal static class KubernetesConnector
{
    /// <summary>Returns the context that kubectl would use, or null if kubectl could not use one.</summary>
    public static KubernetesContext? FindContext(IReadOnlyList<string> listedKubeConfigs)
    {
        try
        {
            return KubeConfigLoader.Find(listedKubeConfigs);
        }
        catch (EtcdException)
        {
            return null;
        }
    }

    public static async Task<FoundCluster> OpenAsync(
        KubernetesConnectRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        ApiServerSettings settings = KubeConfigLoader.Load(request, observer.LogVerbose);
        WarnOfClearText(settings, request, observer);
        var api = new ApiServer(settings);
        KubernetesMemberSource? access = null;
        try
        {
            var discovery = new PodDiscovery(api, request, settings.Namespace);
            EtcdPodAccess way = Choose(request, observer);
            access = new KubernetesMemberSource(
                api,
                discovery,
                await CreateClientsAsync(api, discovery, request, way, limit, observer).ConfigureAwait(false),
                TimeProvider.System
            );
            IReadOnlyList<EtcdPod> pods = request.NoVerify
                ? []
                : await access.StartAsync(limit, observer.LogVerbose).ConfigureAwait(false);
            Report(pods, observer);
            return new FoundCluster(
                request.ClusterName ?? NameOf(settings.Name, pods),
                way is EtcdPodAccess.Exec ? EtcdAccess.KubernetesExec : EtcdAccess.KubernetesPortForward,
                pods.Count > 0 ? [.. pods.Select(p => p.Target)] : [settings.Server.ToString()],
                request.UserName,
                access
            )
            {
                ClusterId = access.ClusterId,
            };
        }
        catch
        {
            if (access is not null)
                await access.DisposeAsync().ConfigureAwait(false);
            else
                api.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The context names the etcd of its API server. The name of another etcd contains its namespace and its set too,
    /// so that two of them in one Kubernetes cluster have different names.
    /// </summary>
    private static string NameOf(string context, IReadOnlyList<EtcdPod> pods)
    {
        if (pods.Count == 0 || pods.Any(p => p.IsOfApiServer))
            return context;
        string[] sets = [.. pods.Select(p => p.SetName).Distinct()];
        return sets is [var only] ? $"{context}/{pods[0].Namespace}/{only}" : $"{context}/{pods[0].Namespace}";
    }

    /// <summary>
    /// All data through the API server, including both logins, is only as secure as the connection to it.
    /// </summary>
    private static void WarnOfClearText(
        ApiServerSettings settings,
        KubernetesConnectRequest request,
        IRunObserver observer
    )
    {
        bool hasSecret = settings.Token is not null || settings.Password is not null || request.Password is not null;
        if (hasSecret && settings.Server.Scheme == Uri.UriSchemeHttp && !settings.Server.IsLoopback)
            ClearTextWarning.Warn(
                "the login",
                $"the API server {settings.Server.GetLeftPart(UriPartial.Authority)}",
                observer
            );
    }

    private static EtcdPodAccess Choose(KubernetesConnectRequest request, IRunObserver observer)
    {
        (EtcdPodAccess way, string why) = request switch
        {
            { Access: not EtcdPodAccess.Auto } => (request.Access, "as requested"),
            { Tls.ClientCertificate: not null } => (EtcdPodAccess.PortForward, "client certificates were specified"),
            { ReadCertificateFromPod: true } => (EtcdPodAccess.PortForward, "-ReadCertificateFromPod was specified"),
            _ => (EtcdPodAccess.Exec, "no client certificates were specified"),
        };
        observer.LogVerbose($"Kubernetes: access {way}, {why}.");
        return way;
    }

    private static async Task<PodClients> CreateClientsAsync(
        ApiServer api,
        PodDiscovery discovery,
        KubernetesConnectRequest request,
        EtcdPodAccess way,
        CallBudget limit,
        IRunObserver observer
    )
    {
        bool hasLogin = request is { UserName: not null, Password: not null };
        if (way is EtcdPodAccess.Exec)
            return new ExecPodClients(
                api,
                request.Tls.SkipCertificateCheck,
                hasLogin ? new EtcdctlLogin(request.UserName!, request.Password!) : null
            );

        TlsRequest tls = request.Tls;
        if (request.ReadCertificateFromPod && tls.ClientCertificate is null)
        {
            IReadOnlyList<EtcdPod> pods = await discovery.FindAsync(limit, observer.LogVerbose).ConfigureAwait(false);
            if (pods.Any(p => p.IsTls))
                tls = await new PodCertificates(api)
                    .ReadAsync(pods, tls, limit, observer.LogVerbose)
                    .ConfigureAwait(false);
        }
        return new ForwardedPodClients(api, TlsLoader.Load(tls), Login.Of(request, observer))
        {
            ReadsCertificateFromPod = request.ReadCertificateFromPod && request.Tls.ClientCertificate is null,
        };
    }

    private static void Report(IReadOnlyList<EtcdPod> pods, IRunObserver observer)
    {
        if (pods.Any(p => p.DataVolume is null))
            observer.LogVerbose(
                "Kubernetes: the data is in a folder of the node, and the kubelet does not report its "
                    + "free disk space. It can be read only with -Access Exec if the image contains df."
            );
        foreach (
            IGrouping<(string, bool IsRunning), EtcdPod> alike in pods.Where(p => p.Trouble is not null)
                .GroupBy(p => (p.Trouble!, p.IsRunning))
        )
        {
            string sentence =
                alike.Count() == 1
                    ? $"Pod {alike.First()} {alike.Key.Item1}."
                    : $"Pods {string.Join(", ", alike)}: each {alike.Key.Item1}.";
            if (alike.Key.IsRunning)
                observer.LogVerbose(sentence);
            else
                observer.Warn(sentence);
        }
    }
}
