namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>The status of a container.</summary>
internal sealed class V1ContainerStatus
{
    public string? Name { get; set; }

    public bool Ready { get; set; }

    public bool? Started { get; set; }

    public int RestartCount { get; set; }

    public string? ContainerID { get; set; }

    public V1ContainerState? State { get; set; }

    public static V1ContainerStatus? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var status = new V1ContainerStatus();
        while (json.NextProperty())
            if (json.IsAt("name"u8))
                status.Name = json.Text();
            else if (json.IsAt("ready"u8))
                status.Ready = json.Flag();
            else if (json.IsAt("started"u8))
                status.Started = json.FlagOrNull();
            else if (json.IsAt("restartCount"u8))
                status.RestartCount = json.Number();
            else if (json.IsAt("containerID"u8))
                status.ContainerID = json.Text();
            else if (json.IsAt("state"u8))
                status.State = V1ContainerState.Read(ref json);
            else
                json.Skip();
        return status;
    }
}

/// <summary>The state of a container: running, waiting or terminated.</summary>
internal sealed class V1ContainerState
{
    public V1ContainerStateRunning? Running { get; set; }

    public V1ContainerStateWaiting? Waiting { get; set; }

    public V1ContainerStateTerminated? Terminated { get; set; }

    public static V1ContainerState? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var state = new V1ContainerState();
        while (json.NextProperty())
            if (json.IsAt("running"u8))
                state.Running = V1ContainerStateRunning.Read(ref json);
            else if (json.IsAt("waiting"u8))
                state.Waiting = V1ContainerStateWaiting.Read(ref json);
            else if (json.IsAt("terminated"u8))
                state.Terminated = V1ContainerStateTerminated.Read(ref json);
            else
                json.Skip();
        return state;
    }
}

/// <summary>A container that runs.</summary>
internal sealed class V1ContainerStateRunning
{
    public DateTime? StartedAt { get; set; }

    public static V1ContainerStateRunning? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var running = new V1ContainerStateRunning();
        while (json.NextProperty())
            if (json.IsAt("startedAt"u8))
                running.StartedAt = json.Time();
            else
                json.Skip();
        return running;
    }
}

/// <summary>A container that waits to run.</summary>
internal sealed class V1ContainerStateWaiting
{
    public string? Reason { get; set; }

    public string? Message { get; set; }

    public static V1ContainerStateWaiting? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var waiting = new V1ContainerStateWaiting();
        while (json.NextProperty())
            if (json.IsAt("reason"u8))
                waiting.Reason = json.Text();
            else if (json.IsAt("message"u8))
                waiting.Message = json.Text();
            else
                json.Skip();
        return waiting;
    }
}

/// <summary>A container that has ended.</summary>
internal sealed class V1ContainerStateTerminated
{
    public int ExitCode { get; set; }

    public string? Reason { get; set; }

    public DateTime? StartedAt { get; set; }

    public static V1ContainerStateTerminated? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var ended = new V1ContainerStateTerminated();
        while (json.NextProperty())
            if (json.IsAt("exitCode"u8))
                ended.ExitCode = json.Number();
            else if (json.IsAt("reason"u8))
                ended.Reason = json.Text();
            else if (json.IsAt("startedAt"u8))
                ended.StartedAt = json.Time();
            else
                json.Skip();
        return ended;
    }
}
