using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Opens the connection to the etcd of a pod, under the name in its certificate, and with TLS if etcd requires it and
/// the spec does not show it.
/// </summary>
internal sealed class PodOpening(PodClients clients)
{
    /// <summary>
    /// A pod that does not answer must not use the whole time limit. It is asked again later, together with the other
    /// pods.
    /// </summary>
    private static readonly TimeSpan FirstAskLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Without TLS, the login is sent only after etcd has answered a call without it. Otherwise, a password could be
    /// sent in clear text to a port that requires TLS.
    /// </summary>
    public async Task<OpenPod> OpenAsync(EtcdPod pod, CallBudget limit, Action<string> tell)
    {
        bool isScouted = clients.HasLogin && !pod.IsTls && pod.IsRunning;
        OpenPod first = await TryHostsAsync(pod, isScouted ? clients.CreateWithoutLogin : clients.Create, limit)
            .ConfigureAwait(false);
        if (isScouted && first is { ClusterId: null, NeedsTls: false })
            return first with { LacksLogin = true };
        if (!isScouted && !first.NeedsTls)
            return first;
        await first.Client.DisposeAsync().ConfigureAwait(false);
        return first.NeedsTls
            ? await OpenOverTlsAsync(pod, limit, tell).ConfigureAwait(false)
            : await TryHostsAsync(pod, clients.Create, limit).ConfigureAwait(false);
    }

    /// <summary>Asks the same client again, or a client with the login or with TLS if that is possible now.</summary>
    public async Task<OpenPod> AskAgainAsync(EtcdPod pod, OpenPod known, CallBudget limit)
    {
        if (known.Pod.IsTls)
            return await AskAsync(pod.OverTls(), known.Client, limit).ConfigureAwait(false);
        if (known.LacksLogin || (clients.HasLogin && pod.IsRunning))
            return await OpenAsync(pod, limit, _ => { }).ConfigureAwait(false);
        OpenPod again = await AskAsync(pod, known.Client, limit).ConfigureAwait(false);
        return again.NeedsTls ? await OpenOverTlsAsync(pod, limit, _ => { }).ConfigureAwait(false) : again;
    }

    private Task<OpenPod> OpenOverTlsAsync(EtcdPod pod, CallBudget limit, Action<string> tell)
    {
        tell($"Kubernetes: the etcd in pod {pod} requires TLS, which its spec does not show.");
        return TryHostsAsync(pod.OverTls(), clients.Create, limit);
    }

    /// <summary>If no host succeeds, the failure of the first host is the most specific.</summary>
    private async Task<OpenPod> TryHostsAsync(
        EtcdPod pod,
        Func<EtcdPod, string, IMemberClient> create,
        CallBudget limit
    )
    {
        IReadOnlyList<string> hosts = clients.HostsOf(pod);
        OpenPod first = await AskAsync(pod, create(pod, hosts[0]), limit).ConfigureAwait(false);
        if (first.Failure is not { } failure || !clients.MayTryNext(failure))
            return first;

        // If a variable determines the endpoint, another host may be a Service, where each call can reach another
        // member. Only the loopback address of the pod is certain.
        bool isByVariable = failure is CallFailure.VariableConflict;
        foreach (string host in hosts.Skip(1))
        {
            if (isByVariable && !ListenAddress.IsLoopback(host))
                continue;
            OpenPod next = await AskAsync(pod, create(pod, host), limit).ConfigureAwait(false);
            isByVariable |= next.Failure is CallFailure.VariableConflict;
            bool isBetter =
                next.Failure is not { } again || !(clients.MayTryNext(again) || again is CallFailure.TimedOut);
            await (isBetter ? first : next).Client.DisposeAsync().ConfigureAwait(false);
            if (isBetter)
                return next;
        }
        return first;
    }

    private static async Task<OpenPod> AskAsync(EtcdPod pod, IMemberClient client, CallBudget limit)
    {
        if (!pod.IsRunning)
            return new OpenPod(pod, client, null, null);
        try
        {
            MemberListReply answer = await client
                .ListMembersAsync(linearizable: false, limit.AtMost(FirstAskLimit))
                .ConfigureAwait(false);
            return new OpenPod(pod, client, answer.Header.ClusterId, null);
        }
        catch (MemberCallException failed)
        {
            return new OpenPod(pod, client, null, failed.Failure);
        }
    }
}
