namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>A volume of a pod.</summary>
internal sealed class V1Volume
{
    public string Name { get; set; } = null!;

    /// <summary>Whether the volume is a file or folder of the node.</summary>
    public bool IsHostPath { get; set; }

    /// <summary>The path on the node.</summary>
    public string? HostPath { get; set; }

    public bool IsPersistentVolumeClaim { get; set; }

    public bool IsEmptyDir { get; set; }

    public static V1Volume? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var volume = new V1Volume();
        while (json.NextProperty())
            if (json.IsAt("name"u8))
                volume.Name = json.Text()!;
            else if (json.IsAt("hostPath"u8))
                (volume.IsHostPath, volume.HostPath) = (json.IsObject(), json.FindText("path"u8));
            else if (json.IsAt("persistentVolumeClaim"u8))
                volume.IsPersistentVolumeClaim = json.SkipObject();
            else if (json.IsAt("emptyDir"u8))
                volume.IsEmptyDir = json.SkipObject();
            else
                json.Skip();
        return volume;
    }
}
