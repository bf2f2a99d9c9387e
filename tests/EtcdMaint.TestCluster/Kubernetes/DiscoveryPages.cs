using System.Text.Json.Nodes;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>The discovery documents that kubectl reads first: the available groups and resources.</summary>
internal static class DiscoveryPages
{
    public static JsonObject? Find(string path) =>
        path.TrimEnd('/') switch
        {
            "/api" => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
            "/apis" => new JsonObject
            {
                ["kind"] = "APIGroupList",
                ["apiVersion"] = "v1",
                ["groups"] = new JsonArray(),
            },
            "/api/v1" => new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["groupVersion"] = "v1",
                ["resources"] = new JsonArray(
                    Resource("pods", "pod"),
                    Resource("pods/exec", ""),
                    Resource("pods/portforward", "")
                ),
            },
            _ => null,
        };

    private static JsonObject Resource(string name, string singular) =>
        new()
        {
            ["name"] = name,
            ["singularName"] = singular,
            ["namespaced"] = true,
            ["kind"] = "Pod",
            ["verbs"] = new JsonArray("create", "get", "list"),
            ["shortNames"] = new JsonArray("po"),
        };
}
