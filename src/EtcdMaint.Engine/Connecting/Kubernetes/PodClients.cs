using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Creates the client for the etcd of a pod. The spec does not always show the name to verify in the certificate, so
/// several names may be tried, the most likely first.
/// </summary>
internal abstract class PodClients(ApiServer api) : IDisposable
{
    protected ApiServer Api { get; } = api;

    /// <summary>Whether etcdctl runs at etcd and uses certificates there, whose paths must be known.</summary>
    public abstract bool RunsPrograms { get; }

    /// <summary>Whether certificates are read from files in the pod.</summary>
    public virtual bool NeedsPathsInPod => RunsPrograms;

    /// <summary>Whether the client sends a password or a token.</summary>
    public virtual bool HasLogin => false;

    public abstract IReadOnlyList<string> HostsOf(EtcdPod pod);

    public abstract IMemberClient Create(EtcdPod pod, string host);

    /// <summary>Creates the client without a password or a token.</summary>
    public virtual IMemberClient CreateWithoutLogin(EtcdPod pod, string host) => Create(pod, host);

    /// <summary>Whether another host may succeed after this failure.</summary>
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
