using System.Text.Json.Nodes;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>A pod as the API server shows it, with the real process that represents its content.</summary>
public sealed class FakePod(JsonObject manifest)
{
    /// <summary>The whole object, as in a list of pods.</summary>
    public JsonObject Manifest { get; } = manifest;

    public string Name => (string)Manifest["metadata"]!["name"]!;

    public string Namespace => (string)Manifest["metadata"]!["namespace"]!;

    public string Node => (string?)Manifest["spec"]!["nodeName"] ?? "";

    /// <summary>
    /// The real target of each forwarded port, by the requested port; a port that is not listed is refused.
    /// </summary>
    public Dictionary<int, int> Ports { get; } = [];

    /// <summary>Programs of the container: the requested name, and the real program.</summary>
    public Dictionary<string, string> Programs { get; } = new(StringComparer.Ordinal);

    /// <summary>Files of the container: the path there, and the real file.</summary>
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The container's environment.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>The object as the API server sends it.</summary>
    public JsonObject Show()
    {
        lock (Manifest)
            return (JsonObject)Manifest.DeepClone();
    }

    /// <summary>
    /// Makes the kubelet report that the container was restarted, as it does after its process ended.
    /// </summary>
    public void CountRestart(int container = 0)
    {
        lock (Manifest)
        {
            JsonNode status = Manifest["status"]!["containerStatuses"]![container]!;
            status["restartCount"] = (int)status["restartCount"]! + 1;
            status["containerID"] = $"containerd://{Guid.NewGuid():N}";
            status["state"] = new JsonObject
            {
                ["running"] = new JsonObject { ["startedAt"] = $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}" },
            };
        }
    }

    public string? Label(string key) => (string?)(Manifest["metadata"]!["labels"] as JsonObject)?[key];

    public bool HasContainer(string name) =>
        Manifest["spec"]!["containers"]!.AsArray().Any(c => (string?)c!["name"] == name);

    /// <summary>Whether a process is running in it: otherwise there is nothing to connect to.</summary>
    public bool IsRunning => (string?)Manifest["status"]?["phase"] == "Running";
}
