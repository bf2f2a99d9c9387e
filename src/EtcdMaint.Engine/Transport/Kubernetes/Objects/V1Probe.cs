namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>A probe of a container.</summary>
internal sealed class V1Probe
{
    public V1HTTPGetAction? HttpGet { get; set; }

    public V1ExecAction? Exec { get; set; }

    public int? PeriodSeconds { get; set; }

    public int? TimeoutSeconds { get; set; }

    public int? FailureThreshold { get; set; }

    public static V1Probe? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var probe = new V1Probe();
        while (json.NextProperty())
            if (json.IsAt("httpGet"u8))
                probe.HttpGet = V1HTTPGetAction.Read(ref json);
            else if (json.IsAt("exec"u8))
                probe.Exec = V1ExecAction.Read(ref json);
            else if (json.IsAt("periodSeconds"u8))
                probe.PeriodSeconds = json.NumberOrNull();
            else if (json.IsAt("timeoutSeconds"u8))
                probe.TimeoutSeconds = json.NumberOrNull();
            else if (json.IsAt("failureThreshold"u8))
                probe.FailureThreshold = json.NumberOrNull();
            else
                json.Skip();
        return probe;
    }
}

/// <summary>The HTTP request of a probe.</summary>
internal sealed class V1HTTPGetAction
{
    public string? Host { get; set; }

    public string? Path { get; set; }

    /// <summary>A number, or the name of a port of the container.</summary>
    public string? Port { get; set; }

    public string? Scheme { get; set; }

    public static V1HTTPGetAction? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var action = new V1HTTPGetAction();
        while (json.NextProperty())
            if (json.IsAt("host"u8))
                action.Host = json.Text();
            else if (json.IsAt("path"u8))
                action.Path = json.Text();
            else if (json.IsAt("port"u8))
                action.Port = json.TextOrNumber();
            else if (json.IsAt("scheme"u8))
                action.Scheme = json.Text();
            else
                json.Skip();
        return action;
    }
}

/// <summary>The command of a probe.</summary>
internal sealed class V1ExecAction
{
    public IList<string?>? Command { get; set; }

    public static V1ExecAction? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var action = new V1ExecAction();
        while (json.NextProperty())
            if (json.IsAt("command"u8))
                action.Command = json.Texts();
            else
                json.Skip();
        return action;
    }
}
