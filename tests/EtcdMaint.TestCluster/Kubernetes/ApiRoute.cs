using Microsoft.AspNetCore.Http;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>What a request asks for, parsed from its path and query.</summary>
internal sealed record ApiRoute(ApiKind Kind, ApiAction Action, string? Name)
{
    /// <summary>
    /// What the server checks after <see cref="Action"/>. A WebSocket begins with a GET request, whose verb is get, and
    /// Kubernetes 1.35 and later also require create for it (kubernetes/kubernetes#134577).
    /// </summary>
    public ApiAction? SecondAction { get; private init; }

    public IReadOnlyList<string> Command { get; private init; } = [];

    public bool HasInput { get; private init; }

    public int Port { get; private init; }

    private string? LabelSelector { get; init; }

    private string? FieldSelector { get; init; }

    public static ApiRoute? Parse(HttpRequest request)
    {
        string[] parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", "v1", "namespaces"] => new ApiRoute(
                ApiKind.Namespaces,
                new ApiAction("list", "namespaces", null),
                null
            ),
            ["api", "v1", "pods"] => List(request, null),
            ["api", "v1", "namespaces", var place, "pods"] => List(request, place),
            ["api", "v1", "namespaces", var place, "pods", var pod] => new ApiRoute(
                ApiKind.Get,
                new ApiAction("get", "pods", place),
                pod
            ),
            ["api", "v1", "namespaces", var place, "pods", var pod, "exec"] => new ApiRoute(
                ApiKind.Exec,
                new ApiAction("get", "pods/exec", place),
                pod
            )
            {
                SecondAction = new ApiAction("create", "pods/exec", place),
                Command = [.. request.Query["command"].OfType<string>()],
                HasInput = request.Query["stdin"] == "true",
            },
            ["api", "v1", "namespaces", var place, "pods", var pod, "portforward"] => new ApiRoute(
                ApiKind.PortForward,
                new ApiAction("get", "pods/portforward", place),
                pod
            )
            {
                SecondAction = new ApiAction("create", "pods/portforward", place),
                Port = int.Parse(request.Query["ports"].ToString()),
            },
            ["api", "v1", "nodes", var node, "proxy", "stats", "summary"] => new ApiRoute(
                ApiKind.Stats,
                new ApiAction("get", "nodes/proxy", null),
                node
            ),
            _ => null,
        };
    }

    public bool Selects(FakePod pod) =>
        HasLabels(pod) && (string.IsNullOrEmpty(FieldSelector) || FieldSelector == $"metadata.name={pod.Name}");

    private bool HasLabels(FakePod pod) =>
        string.IsNullOrEmpty(LabelSelector)
        || Array.TrueForAll(
            LabelSelector.Split(','),
            term => term.Split('=') is [var key, var value] && pod.Label(key) == value
        );

    private static ApiRoute List(HttpRequest request, string? place) =>
        new(ApiKind.List, new ApiAction("list", "pods", place), null)
        {
            LabelSelector = request.Query["labelSelector"],
            FieldSelector = request.Query["fieldSelector"],
        };
}
