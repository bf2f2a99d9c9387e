namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>
/// A pod, as far as the module uses it. The names are those of the API, core/v1. A server may send anything: every
/// value and every item of a list can be missing (see <see cref="PodShape"/>).
/// </summary>
internal sealed class V1Pod
{
    public V1ObjectMeta Metadata { get; set; } = null!;

    public V1PodSpec Spec { get; set; } = null!;

    public V1PodStatus? Status { get; set; }

    public static V1Pod? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var pod = new V1Pod();
        while (json.NextProperty())
            if (json.IsAt("metadata"u8))
                pod.Metadata = V1ObjectMeta.Read(ref json)!;
            else if (json.IsAt("spec"u8))
                pod.Spec = V1PodSpec.Read(ref json)!;
            else if (json.IsAt("status"u8))
                pod.Status = V1PodStatus.Read(ref json);
            else
                json.Skip();
        return pod;
    }
}

/// <summary>The metadata of an object.</summary>
internal sealed class V1ObjectMeta
{
    public string Name { get; set; } = null!;

    public string Namespace { get; set; } = null!;

    public string? Uid { get; set; }

    public DateTime? DeletionTimestamp { get; set; }

    public Dictionary<string, string?>? Labels { get; set; }

    public Dictionary<string, string?>? Annotations { get; set; }

    public static V1ObjectMeta? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var metadata = new V1ObjectMeta();
        while (json.NextProperty())
            if (json.IsAt("name"u8))
                metadata.Name = json.Text()!;
            else if (json.IsAt("namespace"u8))
                metadata.Namespace = json.Text()!;
            else if (json.IsAt("uid"u8))
                metadata.Uid = json.Text();
            else if (json.IsAt("deletionTimestamp"u8))
                metadata.DeletionTimestamp = json.Time();
            else if (json.IsAt("labels"u8))
                metadata.Labels = json.Map();
            else if (json.IsAt("annotations"u8))
                metadata.Annotations = json.Map();
            else
                json.Skip();
        return metadata;
    }
}

/// <summary>The spec of a pod.</summary>
internal sealed class V1PodSpec
{
    public string? NodeName { get; set; }

    public IList<V1Container> Containers { get; set; } = null!;

    public IList<V1Container?>? InitContainers { get; set; }

    public IList<V1Volume?>? Volumes { get; set; }

    public static V1PodSpec? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var spec = new V1PodSpec();
        while (json.NextProperty())
            if (json.IsAt("nodeName"u8))
                spec.NodeName = json.Text();
            else if (json.IsAt("containers"u8))
                spec.Containers = json.List(V1Container.Read)!;
            else if (json.IsAt("initContainers"u8))
                spec.InitContainers = json.List(V1Container.Read);
            else if (json.IsAt("volumes"u8))
                spec.Volumes = json.List(V1Volume.Read);
            else
                json.Skip();
        return spec;
    }
}

/// <summary>The status of a pod.</summary>
internal sealed class V1PodStatus
{
    public string? Phase { get; set; }

    public string? PodIP { get; set; }

    public string? HostIP { get; set; }

    public IList<V1ContainerStatus?>? ContainerStatuses { get; set; }

    public static V1PodStatus? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var status = new V1PodStatus();
        while (json.NextProperty())
            if (json.IsAt("phase"u8))
                status.Phase = json.Text();
            else if (json.IsAt("podIP"u8))
                status.PodIP = json.Text();
            else if (json.IsAt("hostIP"u8))
                status.HostIP = json.Text();
            else if (json.IsAt("containerStatuses"u8))
                status.ContainerStatuses = json.List(V1ContainerStatus.Read);
            else
                json.Skip();
        return status;
    }
}
