using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Calls members over gRPC through a forwarded port. It disposes the TLS settings and the login.
/// </summary>
internal sealed class ForwardedPodClients(ApiServer api, TlsSettings tls, Login? login) : PodClients(api)
{
    /// <summary>Whether the client certificate is read from a pod.</summary>
    public bool ReadsCertificateFromPod { get; init; }

    public override bool RunsPrograms => false;

    public override bool NeedsPathsInPod => ReadsCertificateFromPod;

    public override bool HasLogin => login is not null;

    /// <summary>
    /// Some certificate managers include loopback addresses in the certificates, but not the name localhost.
    /// </summary>
    public override IReadOnlyList<string> HostsOf(EtcdPod pod) =>
        !pod.IsTls || tls.ServerName is not null || tls.SkipCertificateCheck
            ? ["localhost"]
            : [.. new[] { pod.AdvertisedHost, "localhost", "127.0.0.1" }.OfType<string>().Distinct()];

    public override IMemberClient Create(EtcdPod pod, string host) => Create(pod, host, login);

    public override IMemberClient CreateWithoutLogin(EtcdPod pod, string host) => Create(pod, host, null);

    public override bool MayTryNext(CallFailure failure) => failure is CallFailure.ServerNameMismatch;

    public override void Dispose()
    {
        login?.Dispose();
        tls.Dispose();
        base.Dispose();
    }

    private GrpcMemberClient Create(EtcdPod pod, string host, Login? user) =>
        new(
            Place(pod),
            pod.Endpoint(host),
            new PodDialer(Api, pod.Namespace, pod.Name),
            pod.IsTls ? tls : TlsSettings.None,
            user,
            new KubeletDisk(Api, pod)
        );
}
