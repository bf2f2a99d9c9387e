using System.IO.Enumeration;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Finds the pods that run etcd: by the parameters, or otherwise by the first known layout that matches. After a layout
/// has matched, only that layout is used. A layout that belongs to no installer does not show that the other pods
/// beside it belong to another cluster, so the pods of all such layouts in that namespace are used, and their cluster
/// IDs decide.
/// </summary>
internal sealed class PodDiscovery(ApiServer api, KubernetesConnectRequest request, string? ownNamespace)
{
    private readonly PodReader _reader = new(request);
    private EtcdLayout[] _chosen = [];
    private bool _hasTold;

    private bool IsGiven =>
        request.Namespace is not null || request.LabelSelector is not null || request.PodName.Count > 0;

    public Task<IReadOnlyList<EtcdPod>> FindAsync(CallBudget limit, Action<string> tell) =>
        IsGiven ? FindGivenAsync(limit, tell)
        : _chosen.Length > 0 ? ListAsync(limit)
        : FindByLayoutAsync(limit, tell);

    private async Task<IReadOnlyList<EtcdPod>> FindByLayoutAsync(CallBudget limit, Action<string> tell)
    {
        ApiServerException? denied = null;
        bool isAllowed = false;
        var found = new List<EtcdPod>();
        var chosen = new List<EtcdLayout>();
        var lists = new Dictionary<string, IReadOnlyList<V1Pod>>(StringComparer.Ordinal);
        foreach (EtcdLayout layout in KnownLayouts.All)
        {
            string place = $"{layout.Namespace}/{layout.LabelSelector}";
            if (!lists.TryGetValue(place, out IReadOnlyList<V1Pod>? listed))
            {
                try
                {
                    listed = await api.ListPodsAsync(layout.Namespace, layout.LabelSelector, limit)
                        .ConfigureAwait(false);
                    isAllowed = true;
                }
                catch (ApiServerException failed) when (failed.Failure is ApiFailure.Forbidden)
                {
                    denied ??= failed;
                    listed = [];
                }
                lists[place] = listed;
            }
            if (AddTo(found, Read(listed.Where(p => IsEtcdOf(layout, p)), _ => layout)))
                chosen.Add(layout);
            if (chosen is [{ Namespace: not null }])
                break;
        }
        if (chosen.Count > 0)
        {
            _chosen = [.. chosen];
            tell(
                $"Kubernetes: layout {string.Join(" and ", chosen.Select(c => c.Name))}, pods "
                    + $"{string.Join(", ", found)}."
            );
            return found;
        }
        throw isAllowed || denied is null
            ? PodErrors.NoneFound(api.Name, KnownLayouts.Describe(), denied?.Message, request)
            : PodErrors.NowhereAllowed(denied);
    }

    private async Task<IReadOnlyList<EtcdPod>> ListAsync(CallBudget limit)
    {
        var found = new List<EtcdPod>();
        foreach (EtcdLayout layout in _chosen)
        {
            IReadOnlyList<V1Pod> listed = await api.ListPodsAsync(layout.Namespace, layout.LabelSelector, limit)
                .ConfigureAwait(false);
            AddTo(found, Read(listed.Where(p => IsEtcdOf(layout, p)), _ => layout));
        }
        return found;
    }

    /// <summary>Adds the pods that are in the same namespace as those that were found before.</summary>
    /// <returns>Whether a pod was added.</returns>
    private static bool AddTo(List<EtcdPod> found, IReadOnlyList<EtcdPod> pods)
    {
        EtcdPod[] added =
        [
            .. pods.Where(p =>
                found.Count == 0
                || (found.Exists(f => f.Namespace == p.Namespace) && !found.Exists(f => f.Uid == p.Uid))
            ),
        ];
        found.AddRange(added);
        return added.Length > 0;
    }

    /// <summary>Finds pods by the parameters. Other settings come from the layout that matches each pod.</summary>
    private async Task<IReadOnlyList<EtcdPod>> FindGivenAsync(CallBudget limit, Action<string> tell)
    {
        string?[] places = request.Namespace is { } one
            ? [one]
            : [.. new[] { "kube-system", ownNamespace }.Where(n => n is not null).Distinct(), null];
        ApiServerException? denied = null;
        EtcdException? unusable = null;
        bool isAllowed = false;
        foreach (string? place in places)
        {
            IReadOnlyList<V1Pod> listed;
            try
            {
                listed = await api.ListPodsAsync(place, request.LabelSelector, limit).ConfigureAwait(false);
                isAllowed = true;
            }
            catch (ApiServerException failed) when (failed.Failure is ApiFailure.Forbidden)
            {
                denied ??= failed;
                continue;
            }
            V1Pod[] named = [.. Choose(listed)];
            IReadOnlyList<EtcdPod> pods = Read(named, LayoutOf);
            if (pods.Count > 0)
            {
                if (!_hasTold)
                    tell(
                        $"Kubernetes: pods from the parameters, {string.Join(", ", pods)}, with settings of "
                            + $"layout {LayoutOf(named[0]).Name}."
                    );
                _hasTold = true;
                return pods;
            }
            unusable ??= FindWhyUnusable(named);
        }
        if (unusable is not null)
            throw unusable;
        throw isAllowed || denied is null ? PodErrors.NoneFound(api.Name, Given(), denied?.Message, request)
        : request.Namespace is null ? PodErrors.NowhereAllowed(denied)
        : denied;
    }

    private EtcdException? FindWhyUnusable(V1Pod[] named)
    {
        if (named.Length == 0)
            return null;
        V1Pod[] alive = [.. named.Where(p => !HasEnded(p))];
        return alive.Length == 0 ? PodErrors.AllEnded(named)
            : request.Container is { } container
                ? PodErrors.ContainerMissing(container, alive.Select(p => p.Metadata.Name))
            : PodErrors.NoContainerChosen(alive[0]);
    }

    private IReadOnlyList<EtcdPod> Read(IEnumerable<V1Pod> pods, Func<V1Pod, EtcdLayout> layout) =>
        [
            .. pods.Where(p => !HasEnded(p))
                .Select(p =>
                    _reader.Read(p, layout(p)) is { } pod
                        ? pod with
                        {
                            IsOfApiServer = IsOfApiServer(pod, layout(p)),
                        }
                        : null
                )
                .OfType<EtcdPod>(),
        ];

    private static bool IsOfApiServer(EtcdPod pod, EtcdLayout layout) =>
        layout.IsOfApiServer && layout.IsInstalledIn(pod.Namespace);

    private IEnumerable<V1Pod> Choose(IReadOnlyList<V1Pod> listed)
    {
        if (request.PodName.Count > 0)
            return listed.Where(p =>
                request.PodName.Any(n => FileSystemName.MatchesSimpleExpression(n, p.Metadata.Name, ignoreCase: false))
            );
        if (request.LabelSelector is not null)
            return listed;

        // With only a namespace, the first layout that matches is used, as without parameters.
        bool hasNamed = listed.Any(p => EtcdContainer.IsNamedIn(p, request));
        IGrouping<EtcdLayout, V1Pod>[] groups =
        [
            .. listed
                .Where(p =>
                    hasNamed
                        ? EtcdContainer.IsNamedIn(p, request)
                        : KnownLayouts.All.Any(l => Fits(p, l)) || EtcdContainer.IsIn(p, request)
                )
                .GroupBy(LayoutOf)
                .OrderBy(g => KnownLayouts.All.TakeWhile(l => l != g.Key).Count()),
        ];
        return groups is [var first, ..] && first.Key.IsInstalledIn(first.First().Metadata.Namespace)
            ? first
            : groups.SelectMany(g => g);
    }

    private static bool HasEnded(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    private EtcdLayout LayoutOf(V1Pod pod) =>
        KnownLayouts.All.FirstOrDefault(l => Fits(pod, l)) ?? new EtcdLayout("unknown");

    private bool Fits(V1Pod pod, EtcdLayout layout) => HasLabels(pod, layout) && IsEtcdOf(layout, pod);

    private bool IsEtcdOf(EtcdLayout layout, V1Pod pod) =>
        layout.IsEtcd(pod) && (!layout.NeedsEtcdContainer || EtcdContainer.IsIn(pod, request));

    private static bool HasLabels(V1Pod pod, EtcdLayout layout)
    {
        if (layout.LabelSelector?.Split('=') is not [var key, var value])
            return true;
        return pod.Metadata.Labels is { } labels && labels.TryGetValue(key, out string? has) && has == value;
    }

    private string Given() =>
        string.Join(
            ", ",
            new[]
            {
                request.PodName.Count > 0 ? $"pods named {string.Join(", ", request.PodName)}" : "pods that run etcd",
                request.LabelSelector is { } labels ? $"with the labels {labels}" : null,
                request.Namespace is { } place ? $"in namespace {place}" : null,
            }.OfType<string>()
        );
}
