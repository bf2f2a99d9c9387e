using System.IO.Enumeration;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;
using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Finds the pods that run etcd: by the parameters, or otherwise by the first known layout that matches. After a layout
/// has matched, only that layout is used.
/// </summary>
internal sealed class PodDiscovery(ApiServer api, KubernetesConnectRequest request, string? ownNamespace)
{
    private readonly PodReader _reader = new(request);
    private EtcdLayout? _chosen;
    private bool _hasTold;

    private bool IsGiven =>
        request.Namespace is not null || request.LabelSelector is not null || request.PodName.Count > 0;

    public Task<IReadOnlyList<EtcdPod>> FindAsync(CallBudget limit, Action<string> tell) =>
        IsGiven ? FindGivenAsync(limit, tell)
        : _chosen is { } layout ? ListAsync(layout, limit)
        : FindByLayoutAsync(limit, tell);

    private async Task<IReadOnlyList<EtcdPod>> FindByLayoutAsync(CallBudget limit, Action<string> tell)
    {
        ApiServerException? denied = null;
        bool isAllowed = false;
        var lists = new Dictionary<(string?, string?), IReadOnlyList<V1Pod>>();
        foreach (EtcdLayout layout in KnownLayouts.All)
        {
            if (!lists.TryGetValue((layout.Namespace, layout.LabelSelector), out IReadOnlyList<V1Pod>? listed))
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
                lists[(layout.Namespace, layout.LabelSelector)] = listed;
            }
            IReadOnlyList<EtcdPod> pods = Read(listed.Where(p => IsEtcdOf(layout, p)), _ => layout);
            if (pods.Count == 0)
                continue;
            _chosen = layout;
            tell($"Kubernetes: layout {layout.Name}, pods {string.Join(", ", pods)}.");
            return pods;
        }
        throw isAllowed || denied is null
            ? PodErrors.NoneFound(api.Name, KnownLayouts.Describe(), denied?.Message, request)
            : PodErrors.NowhereAllowed(denied);
    }

    private async Task<IReadOnlyList<EtcdPod>> ListAsync(EtcdLayout layout, CallBudget limit)
    {
        IReadOnlyList<V1Pod> listed = await api.ListPodsAsync(layout.Namespace, layout.LabelSelector, limit)
            .ConfigureAwait(false);
        return Read(listed.Where(p => IsEtcdOf(layout, p)), _ => layout);
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
        [.. pods.Where(p => !HasEnded(p)).Select(p => _reader.Read(p, layout(p))).OfType<EtcdPod>()];

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
        return listed
                .Where(p =>
                    hasNamed
                        ? EtcdContainer.IsNamedIn(p, request)
                        : KnownLayouts.All.Any(l => Fits(p, l)) || EtcdContainer.IsIn(p, request)
                )
                .GroupBy(LayoutOf)
                .MinBy(g => KnownLayouts.All.TakeWhile(l => l != g.Key).Count())
            ?? Enumerable.Empty<V1Pod>();
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
