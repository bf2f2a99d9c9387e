using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport.Kubernetes;
using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Through an API server to the pods of one cluster. Pods are looked up again now and then, since one may be replaced;
/// while the API server cannot tell, those that are known go on to count.
/// </summary>
internal sealed class KubernetesMemberSource(
    ApiServer api,
    PodDiscovery discovery,
    PodClients clients,
    TimeProvider time
) : IMemberSource
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RefreshLimit = TimeSpan.FromSeconds(3);

    private readonly PodOpening _opening = new(clients);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly List<IMemberClient> _retired = [];
    private Dictionary<string, OpenPod> _known = [];
    private Dictionary<string, OpenPod> _open = [];
    private long? _readAt;

    public bool RunsPrograms => clients.RunsPrograms;

    /// <summary>Finds the pods and asks each who it is; the connection begins with this.</summary>
    public async Task<IReadOnlyList<EtcdPod>> StartAsync(CallBudget limit, Action<string> tell)
    {
        IReadOnlyList<EtcdPod> pods = await discovery.FindAsync(limit, tell).ConfigureAwait(false);
        await TakeAsync(pods, limit, tell).ConfigureAwait(false);
        return pods;
    }

    public async Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit)
    {
        await _oneAtATime.WaitAsync(limit.Stop).ConfigureAwait(false);
        try
        {
            if (_readAt is not { } readAt)
                await StartAsync(limit, _ => { }).ConfigureAwait(false);
            else if (time.GetElapsedTime(readAt) > KeptFor)
                await RefreshAsync(limit.AtMost(RefreshLimit)).ConfigureAwait(false);
            return [.. _open.Values.Select(p => p.Client)];
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>
    /// Pods are never looked up by what members advertise: kube-up has all of them advertise loopback.
    /// </summary>
    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [];

    public async Task<ProcessRun?> ReadProcessRunAsync(IMemberClient client, CallBudget limit)
    {
        if (_known.Values.FirstOrDefault(p => p.Client == client)?.Pod is not { } pod)
            return null;
        try
        {
            V1Pod? now = await api.FindPodAsync(pod.Namespace, pod.Name, limit).ConfigureAwait(false);
            return now is null ? null : PodRun.Read(now, pod.Container);
        }
        catch (EtcdException)
        {
            limit.Stop.ThrowIfCancellationRequested();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IMemberClient client in _known.Values.Select(p => p.Client).Concat(_retired))
            await client.DisposeAsync().ConfigureAwait(false);
        clients.Dispose();
        api.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task RefreshAsync(CallBudget limit)
    {
        try
        {
            await TakeAsync(await discovery.FindAsync(limit, _ => { }).ConfigureAwait(false), limit, _ => { })
                .ConfigureAwait(false);
        }
        catch (EtcdException error) when (error.ErrorId != PodErrors.SeveralClustersId)
        {
            // The API server may be the one whose etcd member stands still, or the login may be had again in a moment.
            _readAt = time.GetTimestamp();
        }
    }

    /// <summary>Keeps the clients of pods that are still there, and opens the new ones.</summary>
    private async Task TakeAsync(IReadOnlyList<EtcdPod> pods, CallBudget limit, Action<string> tell)
    {
        OpenPod[] open = await Task.WhenAll(pods.Select(p => RecognizeAsync(p, limit, tell))).ConfigureAwait(false);

        // One that a run is just talking to must not be closed under it.
        var known = open.ToDictionary(p => KeyOf(p.Pod));
        _retired.AddRange(_known.Values.Select(p => p.Client).Except(open.Select(p => p.Client)));
        _known = known;

        var current = open.Where(p => p.IsEtcd).ToDictionary(p => KeyOf(p.Pod));
        if (current.Count == 0)
            current = known;
        RequirePaths(current.Values);
        RequireOneCluster(current.Values);
        _open = current;
        _readAt = time.GetTimestamp();
    }

    /// <summary>One that was no etcd before is asked again by the same client: it may have been starting.</summary>
    private Task<OpenPod> RecognizeAsync(EtcdPod pod, CallBudget limit, Action<string> tell) =>
        !_known.TryGetValue(KeyOf(pod), out OpenPod? known) ? _opening.OpenAsync(pod, limit, tell)
        : known is { IsEtcd: true, MayNeedTls: false } ? Task.FromResult(known)
        : _opening.AskAgainAsync(pod, known, limit);

    private static string KeyOf(EtcdPod pod) => $"{pod}/{pod.Uid}";

    /// <summary>
    /// One pod whose spec does not tell where a certificate lies must not keep the others from being reached.
    /// </summary>
    private void RequirePaths(IEnumerable<OpenPod> pods)
    {
        OpenPod[] open = [.. pods.Where(p => p.Pod.IsRunning)];
        if (clients.NeedsPathsInPod && open.Length > 0 && Array.TrueForAll(open, LacksPath))
            throw PodErrors.PathsUnknown(open[0].Pod);
    }

    private bool LacksPath(OpenPod pod) =>
        pod.Failure switch
        {
            CallFailure.ClientCertificateRequired => !pod.Pod.Certificates.HasClient,
            CallFailure.ServerCertificateUntrusted => clients.RunsPrograms && pod.Pod.Certificates.CA is null,
            _ => false,
        };

    private static void RequireOneCluster(IEnumerable<OpenPod> pods)
    {
        var clusters = pods.Where(p => p.ClusterId is not null)
            .GroupBy(p => p.ClusterId!.Value, p => p.Pod.ToString())
            .ToList();
        if (clusters.Count > 1)
            throw PodErrors.SeveralClusters(clusters);
    }
}
