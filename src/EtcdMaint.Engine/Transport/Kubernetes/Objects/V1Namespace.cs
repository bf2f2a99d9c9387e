namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>A namespace, as far as the module uses it.</summary>
internal sealed record V1Namespace(string? Name)
{
    public static V1Namespace? Read(ref JsonCursor json)
    {
        if (!json.IsObject())
            return null;
        string? name = null;
        while (json.NextProperty())
            if (json.IsAt("metadata"u8))
                name = json.FindText("name"u8);
            else
                json.Skip();
        return new V1Namespace(name);
    }
}
