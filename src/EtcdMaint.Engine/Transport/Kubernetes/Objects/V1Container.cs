namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>A container in the spec of a pod.</summary>
internal sealed class V1Container
{
    public string Name { get; set; } = null!;

    public string? Image { get; set; }

    public IList<string?>? Command { get; set; }

    public IList<string?>? Args { get; set; }

    public IList<V1EnvVar?>? Env { get; set; }

    /// <summary>Whether all entries of a config map or a secret are variables.</summary>
    public bool HasEnvFrom { get; set; }

    public IList<V1ContainerPort?>? Ports { get; set; }

    public IList<V1VolumeMount?>? VolumeMounts { get; set; }

    public V1Probe? LivenessProbe { get; set; }

    public V1Probe? StartupProbe { get; set; }

    public V1Probe? ReadinessProbe { get; set; }

    public static V1Container? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var container = new V1Container();
        while (json.NextProperty())
            if (json.IsAt("name"u8))
                container.Name = json.Text()!;
            else if (json.IsAt("image"u8))
                container.Image = json.Text();
            else if (json.IsAt("command"u8))
                container.Command = json.Texts();
            else if (json.IsAt("args"u8))
                container.Args = json.Texts();
            else if (json.IsAt("env"u8))
                container.Env = json.List(V1EnvVar.Read);
            else if (json.IsAt("envFrom"u8))
                container.HasEnvFrom = json.List(IsThere) is { Count: > 0 };
            else if (json.IsAt("ports"u8))
                container.Ports = json.List(V1ContainerPort.Read);
            else if (json.IsAt("volumeMounts"u8))
                container.VolumeMounts = json.List(V1VolumeMount.Read);
            else if (json.IsAt("livenessProbe"u8))
                container.LivenessProbe = V1Probe.Read(ref json);
            else if (json.IsAt("startupProbe"u8))
                container.StartupProbe = V1Probe.Read(ref json);
            else if (json.IsAt("readinessProbe"u8))
                container.ReadinessProbe = V1Probe.Read(ref json);
            else
                json.Skip();
        return container;
    }

    private static bool IsThere(ref JsonCursor json) => json.SkipObject();
}

/// <summary>An environment variable of a container.</summary>
internal sealed class V1EnvVar
{
    public string Name { get; set; } = null!;

    public string? Value { get; set; }

    /// <summary>Whether the value has another source.</summary>
    public bool HasSource { get; set; }

    /// <summary>The field of the pod that is the source, or null for another source.</summary>
    public string? FieldPath { get; set; }

    public static V1EnvVar? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var variable = new V1EnvVar();
        while (json.NextProperty())
            if (json.IsAt("name"u8))
                variable.Name = json.Text()!;
            else if (json.IsAt("value"u8))
                variable.Value = json.Text();
            else if (json.IsAt("valueFrom"u8))
                (variable.HasSource, variable.FieldPath) = ReadSource(ref json);
            else
                json.Skip();
        return variable;
    }

    private static (bool HasSource, string? FieldPath) ReadSource(ref JsonCursor json)
    {
        if (!json.IsObject())
            return (false, null);
        string? path = null;
        while (json.NextProperty())
            if (json.IsAt("fieldRef"u8))
                path = json.FindText("fieldPath"u8);
            else
                json.Skip();
        return (true, path);
    }
}

/// <summary>A port of a container.</summary>
internal sealed class V1ContainerPort
{
    public string? Name { get; set; }

    public int ContainerPort { get; set; }

    public static V1ContainerPort? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var port = new V1ContainerPort();
        while (json.NextProperty())
            if (json.IsAt("name"u8))
                port.Name = json.Text();
            else if (json.IsAt("containerPort"u8))
                port.ContainerPort = json.Number();
            else
                json.Skip();
        return port;
    }
}

/// <summary>The mount of a volume in a container.</summary>
internal sealed class V1VolumeMount
{
    public string? Name { get; set; }

    public string MountPath { get; set; } = null!;

    public static V1VolumeMount? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var mount = new V1VolumeMount();
        while (json.NextProperty())
            if (json.IsAt("name"u8))
                mount.Name = json.Text();
            else if (json.IsAt("mountPath"u8))
                mount.MountPath = json.Text()!;
            else
                json.Skip();
        return mount;
    }
}
