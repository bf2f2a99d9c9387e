using System.Text.Json.Nodes;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>The parts of a pod that all layouts share.</summary>
internal static class PodManifest
{
    public static JsonObject Create(string name, string inNamespace, string node, JsonArray containers)
    {
        var statuses = new JsonArray([
            .. containers.Select(c => new JsonObject
            {
                ["name"] = (string)c!["name"]!,
                ["ready"] = true,
                ["started"] = true,
                ["restartCount"] = 0,
                ["containerID"] = $"containerd://{Guid.NewGuid():N}",
                ["image"] = "registry.example/etcd",
                ["imageID"] = "",
                ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = "2026-01-01T00:00:00Z" } },
                ["lastState"] = new JsonObject(),
            }),
        ]);
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = inNamespace,
                ["uid"] = Guid.NewGuid().ToString(),
                ["labels"] = new JsonObject(),
                ["annotations"] = new JsonObject(),
            },
            ["spec"] = new JsonObject
            {
                ["nodeName"] = node,
                ["hostNetwork"] = true,
                ["containers"] = containers,
                ["volumes"] = new JsonArray(),
            },
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["hostIP"] = "127.0.0.1",
                ["podIP"] = "127.0.0.1",
                ["containerStatuses"] = statuses,
            },
        };
    }

    public static JsonObject Container(string name, string image, IEnumerable<string> command) =>
        new()
        {
            ["name"] = name,
            ["image"] = image,
            ["command"] = Texts(command),
        };

    public static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    public static JsonArray Environment(params (string Name, string Value)[] variables) =>
        [.. variables.Select(v => (JsonNode)new JsonObject { ["name"] = v.Name, ["value"] = v.Value })];

    public static JsonObject With(this JsonObject manifest, string label, string value)
    {
        manifest["metadata"]!["labels"]![label] = value;
        return manifest;
    }
}
