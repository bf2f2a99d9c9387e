namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>A list of objects, or one page of it.</summary>
/// <param name="Items">The objects. An item that is null was null.</param>
/// <param name="Continue">The token of the next page, or null if there is none.</param>
internal sealed record V1List<T>(IReadOnlyList<T?> Items, string? Continue)
    where T : class
{
    /// <summary>Returns the function that reads a list of these objects.</summary>
    public static KubernetesJson.Reader<V1List<T>> Of(KubernetesJson.Reader<T> read) =>
        (ref JsonCursor json) =>
        {
            if (!json.IsObject())
                return null;
            (List<T?>? items, string? next) = (null, null);
            while (json.NextProperty())
                if (json.IsAt("items"u8))
                    items = json.List(read);
                else if (json.IsAt("metadata"u8))
                    next = json.FindText("continue"u8);
                else
                    json.Skip();
            return new V1List<T>(items ?? [], string.IsNullOrEmpty(next) ? null : next);
        };
}
