using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Reads the free bytes of a pod's data folder in its own container if the image has <c>df</c>, and otherwise from the
/// kubelet. The container can read the file system of the data even if it is a folder of the node.
/// </summary>
internal sealed class PodDisk(ICommandRunner container, EtcdPod pod, KubeletDisk kubelet) : IDiskGauge
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<long?> ReadFreeBytesAsync(CallBudget limit)
    {
        long? free =
            pod.DataFolder is { } folder && folder.StartsWith('/')
                ? await DiskUsage.ReadFreeBytesAsync(container, folder, limit.AtMost(Limit)).ConfigureAwait(false)
                : null;
        return free ?? await kubelet.ReadFreeBytesAsync(limit).ConfigureAwait(false);
    }
}
