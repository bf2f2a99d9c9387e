using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Makes the client that talks to the etcd of a pod. Under which name its certificate is to be verified is not always
/// in the spec, so there may be several to try, the likeliest first.
/// </summary>
internal abstract class PodClients(ApiServer api) : IDisposable
{
    protected ApiServer Api { get; } = api;

    /// <summary>Whether etcdctl runs where etcd does, with certificates from paths there that must be known.</summary>
    public abstract bool RunsPrograms { get; }

    /// <summary>Whether certificates are taken from files in the pod.</summary>
    public virtual bool NeedsPathsInPod => RunsPrograms;

    /// <summary>Whether the client sends a password or a token.</summary>
    public virtual bool HasLogin => false;

    public abstract IReadOnlyList<string> HostsOf(EtcdPod pod);

    public abstract IMemberClient Create(EtcdPod pod, string host);

    /// <summary>The same, without a password or a token.</summary>
    public virtual IMemberClient CreateWithoutLogin(EtcdPod pod, string host) => Create(pod, host);

    /// <summary>Whether another name may do better than one that failed like this.</summary>
    public abstract bool MayTryNext(CallFailure failure);

    public virtual void Dispose() { }

    protected static MemberAddress Place(EtcdPod pod) =>
        new(pod.Target, pod.Name, pod.Node)
        {
            MemberName = pod.MemberName,
            QuotaBytes = pod.QuotaBytes,
            ProbeBudget = pod.ProbeBudget,
        };
}
