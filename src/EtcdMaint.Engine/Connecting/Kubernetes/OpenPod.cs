using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>A pod with its client and the result of the first request.</summary>
internal sealed record OpenPod(EtcdPod Pod, IMemberClient Client, ulong? ClusterId, CallFailure? Failure)
{
    /// <summary>
    /// Whether the client has no login although one was specified, because etcd has not answered yet.
    /// </summary>
    public bool LacksLogin { get; init; }

    public bool IsEtcd => Failure is not (CallFailure.NotEtcd or CallFailure.NotAMember or CallFailure.ProgramMissing);

    public bool NeedsTls => Failure is CallFailure.PlainToTls && !Pod.IsTls;

    /// <summary>
    /// Whether the pod may use TLS. A pod that has never answered without TLS may have been starting.
    /// </summary>
    public bool MayNeedTls => ClusterId is null && !Pod.IsTls && Failure is not CallFailure.TimedOut;
}
