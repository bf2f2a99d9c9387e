using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Reaches the pods of one cluster through an API server. The pods are searched again from time to time, because a pod
/// may be replaced. While the API server is unavailable, the known pods are used.
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

    /// <summary>The cluster that the pods reported when they were found, or null if none has answered.</summary>
    public ulong? ClusterId => _open.Values.FirstOrDefault(p => p.ClusterId is not null)?.ClusterId;

    public bool RunsPrograms => clients.RunsPrograms;

    private IEnumerable<IMemberClient> AllClients => _known.Values.Select(p => p.Client).Concat(_retired);

    public bool RunsProgramsHere => false;

    /// <summary>Finds the pods and asks each of them for its member, when the connection is made.</summary>
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
    /// Pods are not found by the URLs that members advertise: in kube-up, all of them advertise loopback.
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

    /// <summary>Returns the settings in the spec of the pod as it was found last.</summary>
    public Task<MemberSettings?> ReadSettingsAsync(IMemberClient client, CallBudget limit) =>
        Task.FromResult(_known.Values.FirstOrDefault(p => p.Client == client)?.Pod.Settings);

    public void CloseStreams()
    {
        foreach (IMemberClient client in AllClients)
            client.CloseStreams();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IMemberClient client in AllClients)
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
            // The etcd member of the API server may be unavailable, or the login may succeed shortly afterwards.
            _readAt = time.GetTimestamp();
        }
    }

    /// <summary>Keeps the clients of pods that still exist, and opens new ones.</summary>
    private async Task TakeAsync(IReadOnlyList<EtcdPod> pods, CallBudget limit, Action<string> tell)
    {
        OpenPod[] open = await Task.WhenAll(pods.Select(p => RecognizeAsync(p, limit, tell))).ConfigureAwait(false);

        // A client that a run is using must not be closed.
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

    /// <summary>
    /// If the pod was not etcd before, the same client asks again, because etcd may have been starting.
    /// </summary>
    private Task<OpenPod> RecognizeAsync(EtcdPod pod, CallBudget limit, Action<string> tell) =>
        !_known.TryGetValue(KeyOf(pod), out OpenPod? known) ? _opening.OpenAsync(pod, limit, tell)
        : known is { IsEtcd: true, MayNeedTls: false } ? Task.FromResult(known)
        : _opening.AskAgainAsync(pod, known, limit);

    private static string KeyOf(EtcdPod pod) => $"{pod}/{pod.Uid}";

    /// <summary>
    /// A pod whose spec does not show the path of a certificate must not prevent access to the others.
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
