using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>Calls members through etcdctl in the pod.</summary>
internal sealed class ExecPodClients(ApiServer api, bool skipCertificateCheck, EtcdctlLogin? login) : PodClients(api)
{
    public override bool RunsPrograms => true;

    public override IReadOnlyList<string> HostsOf(EtcdPod pod) => pod.InnerHosts;

    public override bool HasLogin => login is not null;

    public override IMemberClient Create(EtcdPod pod, string host) => Create(pod, host, login);

    public override IMemberClient CreateWithoutLogin(EtcdPod pod, string host) => Create(pod, host, null);

    public override bool MayTryNext(CallFailure failure) =>
        failure
            is CallFailure.ServerNameMismatch
                or CallFailure.Refused
                or CallFailure.HostNotFound
                or CallFailure.Unreachable
                // ETCDCTL_ENDPOINTS may contain another host of the member.
                or CallFailure.VariableConflict;

    private EtcdctlMemberClient Create(EtcdPod pod, string host, EtcdctlLogin? user)
    {
        CertificatePaths certificates = pod.IsTls ? pod.Certificates : CertificatePaths.None;
        var settings = new EtcdctlSettings
        {
            Endpoint = pod.Endpoint(host),
            IsBesideMember = true,
            IsProbablyOld = pod.IsProbablyOld,
            CAFile = certificates.CA,
            CertificateFile = certificates.Certificate,
            KeyFile = certificates.Key,
            SkipCertificateCheck = skipCertificateCheck,
            Variables = pod.EtcdctlVariables,
            Login = user,
        };
        var runner = new PodCommandRunner(Api, pod.Namespace, pod.Name, pod.Container);
        return new EtcdctlMemberClient(
            Place(pod),
            settings,
            new ProgramFinder(runner, settings.Program, pod.EtcdctlPaths),
            new PodDisk(runner, pod, new KubeletDisk(Api, pod)),
            new MetricsReader([.. ForwardedMetrics(pod), new CurlMetricsSource(runner, settings)], TimeProvider.System)
        );
    }

    /// <summary>
    /// A port-forward ends at the loopback address of the pod, where etcd often serves metrics without TLS.
    /// </summary>
    private IEnumerable<IMetricsSource> ForwardedMetrics(EtcdPod pod) =>
        pod.MetricsPort is { } port
            ?
            [
                new HttpMetricsSource(
                    new EtcdEndpoint(false, "localhost", port),
                    new PodDialer(Api, pod.Namespace, pod.Name)
                ),
            ]
            : [];
}
