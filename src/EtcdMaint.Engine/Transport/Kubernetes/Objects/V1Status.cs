namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>The answer of an API server to a request that failed, and the status at the end of an exec.</summary>
internal sealed class V1Status
{
    private const string OwnKind = "Status";

    public string? Kind { get; set; }

    public string? Status { get; set; }

    public string? Message { get; set; }

    public IList<V1StatusCause?>? Causes { get; set; }

    /// <summary>Whether the object says that it is a status. Every API server does, and a gateway does not.</summary>
    public bool IsNamed => Kind == OwnKind;

    public static V1Status? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var status = new V1Status();
        while (json.NextProperty())
            if (json.IsAt("kind"u8))
                status.Kind = json.Text();
            else if (json.IsAt("status"u8))
                status.Status = json.Text();
            else if (json.IsAt("message"u8))
                status.Message = json.Text();
            else if (json.IsAt("details"u8))
                status.Causes = ReadCauses(ref json);
            else
                json.Skip();
        return status;
    }

    private static List<V1StatusCause?>? ReadCauses(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        List<V1StatusCause?>? causes = null;
        while (json.NextProperty())
            if (json.IsAt("causes"u8))
                causes = json.List(V1StatusCause.Read);
            else
                json.Skip();
        return causes;
    }
}

/// <summary>One cause in a status.</summary>
internal sealed class V1StatusCause
{
    public string? Reason { get; set; }

    public string? Message { get; set; }

    public static V1StatusCause? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        var cause = new V1StatusCause();
        while (json.NextProperty())
            if (json.IsAt("reason"u8))
                cause.Reason = json.Text();
            else if (json.IsAt("message"u8))
                cause.Message = json.Text();
            else
                json.Skip();
        return cause;
    }
}
