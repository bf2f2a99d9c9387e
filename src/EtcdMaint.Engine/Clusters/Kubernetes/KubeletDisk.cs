using System.Text.Json;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports.Kubernetes;

namespace EtcdMaint.Engine.Clusters.Kubernetes;

/// <summary>
/// Reads the room for a pod's data from its kubelet, where the user may. The kubelet knows each volume claim; of a
/// folder of the node's own it knows only the node's file system, so a disk of etcd's own is not seen. Where the spec does
/// not even tell the folder, as with managers that mount a disk themselves, nothing is known.
/// </summary>
internal sealed class KubeletDisk(ApiServer api, EtcdPod pod) : IDiskGauge
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<long?> ReadFreeBytesAsync(CallLimit limit)
    {
        if (pod.Node is null || !pod.IsDataFolderKnown)
            return null;
        try
        {
            using JsonDocument stats = await api.ReadStatsAsync(pod.Node, limit.AtMost(Limit)).ConfigureAwait(false);
            return pod.DataVolume is { } volume
                ? FindVolume(stats.RootElement, volume)
                : stats.RootElement.TryGetProperty("node", out JsonElement node) && node.TryGetProperty("fs", out JsonElement fs) ? Available(fs) : null;
        }
        catch (EtcdException)
        {
            return null;
        }
    }

    private long? FindVolume(JsonElement stats, string volume)
    {
        foreach (JsonElement entry in Items(stats, "pods"))
        {
            if (!entry.TryGetProperty("podRef", out JsonElement reference) || Text(reference, "name") != pod.Name || Text(reference, "namespace") != pod.Namespace)
                continue;
            foreach (JsonElement mounted in Items(entry, "volume"))
                if (Text(mounted, "name") == volume)
                    return Available(mounted);
        }
        return null;
    }

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static long? Available(JsonElement parent) => parent.TryGetProperty("availableBytes", out JsonElement bytes) ? bytes.GetInt64() : null;
}
