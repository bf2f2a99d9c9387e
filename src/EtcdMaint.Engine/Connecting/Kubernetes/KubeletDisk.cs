using System.Text.Json;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Reads the free bytes of the volume with a pod's data from the kubelet, if the user may do so. The kubelet measures
/// the file system of each volume claim and empty directory. It does not measure a folder of the node. The figures of
/// the node itself may be those of another disk, so they are not used.
/// </summary>
internal sealed class KubeletDisk(ApiServer api, EtcdPod pod) : IDiskGauge
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<long?> ReadFreeBytesAsync(CallBudget limit)
    {
        if (pod.Node is null || pod.DataVolume is not { } volume)
            return null;
        try
        {
            using JsonDocument stats = await api.ReadStatsAsync(pod.Node, limit.AtMost(Limit)).ConfigureAwait(false);
            return FindVolume(stats.RootElement, volume);
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
            if (
                Find(entry, "podRef") is not { } reference
                || Text(reference, "name") != pod.Name
                || Text(reference, "namespace") != pod.Namespace
            )
                continue;
            foreach (JsonElement mounted in Items(entry, "volume"))
                if (Text(mounted, "name") == volume)
                    return Available(mounted);
        }
        return null;
    }

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string? Text(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Available(JsonElement parent) =>
        Find(parent, "availableBytes") is { ValueKind: JsonValueKind.Number } bytes && bytes.TryGetInt64(out long free)
            ? free
            : null;

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? value : null;
}
