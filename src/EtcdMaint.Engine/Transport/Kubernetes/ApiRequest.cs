namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>A request to an API server, in the terms of its roles.</summary>
/// <param name="Path">Path and query, relative to the server.</param>
/// <param name="Verb">The verb in the rule of the role. If a refusal names no verb, it is this one.</param>
/// <param name="Resource">Resource and subresource, as in a rule.</param>
/// <param name="Namespace">The namespace, or null for all namespaces and for resources without a namespace.</param>
internal sealed record ApiRequest(string Path, string Verb, string Resource, string? Namespace, string? Name = null)
{
    private const int PageSize = 500;

    /// <summary>The complete list from the cache of the API server.</summary>
    public static ApiRequest ListNamespaces { get; } =
        new("api/v1/namespaces?resourceVersion=0", "list", "namespaces", null);

    /// <summary>
    /// Whether the rule also needs get. Exec and port-forward begin with a GET request for a WebSocket, which needs
    /// get. The API server of Kubernetes 1.35 and later then also requires create, as it always did for SPDY. That
    /// second refusal names neither user nor verb (kubernetes/kubernetes#134577).
    /// </summary>
    public bool NeedsGetToo { get; private init; }

    public object Target => Name is null ? Resource : $"{Namespace}/{Name}".TrimStart('/');

    /// <param name="inNamespace">The namespace, or null for all namespaces.</param>
    /// <param name="labels">A selector, or null.</param>
    /// <param name="inPages">Whether a long list may be returned in pages; only the list of all pods is long.</param>
    /// <param name="next">The token of the next page, or null for the first page.</param>
    public static ApiRequest ListPods(string? inNamespace, string? labels, bool inPages, string? next)
    {
        string path = inNamespace is null
            ? "api/v1/pods"
            : $"api/v1/namespaces/{Uri.EscapeDataString(inNamespace)}/pods";

        // The API server answers version 0 from its cache, so the request works while its own etcd member is
        // unavailable. Lists from the cache are complete for any limit.
        string query =
            next is not null ? $"?limit={PageSize}&continue={Uri.EscapeDataString(next)}"
            : inPages && inNamespace is null && labels is null ? $"?limit={PageSize}"
            : "?resourceVersion=0";
        if (labels is not null)
            query += $"&labelSelector={Uri.EscapeDataString(labels)}";
        return new ApiRequest(path + query, "list", "pods", inNamespace);
    }

    /// <summary>Also answered from the cache of the API server.</summary>
    public static ApiRequest FindPod(string inNamespace, string name)
    {
        string field = Uri.EscapeDataString($"metadata.name={name}");
        return new ApiRequest(
            $"api/v1/namespaces/{Uri.EscapeDataString(inNamespace)}/pods?resourceVersion=0&fieldSelector={field}",
            "list",
            "pods",
            inNamespace
        );
    }

    public static ApiRequest PortForward(string inNamespace, string pod, int port) =>
        new($"{PathOf(inNamespace, pod)}/portforward?ports={port}", "create", "pods/portforward", inNamespace, pod)
        {
            NeedsGetToo = true,
        };

    public static ApiRequest Exec(
        string inNamespace,
        string pod,
        string container,
        IEnumerable<string> command,
        bool withInput
    )
    {
        string arguments = string.Concat(command.Select(c => $"command={Uri.EscapeDataString(c)}&"));
        string query =
            $"{arguments}container={Uri.EscapeDataString(container)}&stdin={(withInput ? "true" : "false")}"
            + "&stdout=true&stderr=true&tty=false";
        return new ApiRequest($"{PathOf(inNamespace, pod)}/exec?{query}", "create", "pods/exec", inNamespace, pod)
        {
            NeedsGetToo = true,
        };
    }

    public static ApiRequest KubeletStats(string node) =>
        new($"api/v1/nodes/{Uri.EscapeDataString(node)}/proxy/stats/summary", "get", "nodes/proxy", null, node);

    /// <summary>The request and its target, for messages.</summary>
    public override string ToString() =>
        $"{Verb} "
        + $"{Resource}{(Name is null ? "" : $" of {Name}")}{(Namespace is null ? "" : $" in namespace {Namespace}")}";

    private static string PathOf(string inNamespace, string pod) =>
        $"api/v1/namespaces/{Uri.EscapeDataString(inNamespace)}/pods/{Uri.EscapeDataString(pod)}";
}
