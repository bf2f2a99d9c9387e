namespace EtcdMaint.TestCluster;

/// <summary>A resource, and how the API server stores its objects.</summary>
/// <param name="Name">The name that kubectl accepts, with the group: <c>deployments.apps</c>.</param>
/// <param name="Path">Where the objects are below the root prefix.</param>
/// <param name="MeanBytes">The mean of its values relative to that of other resources.</param>
internal sealed record KubernetesResource(
    string Name,
    string Path,
    bool IsNamespaced,
    int MeanBytes,
    NameStyle Style = NameStyle.Plain
)
{
    /// <summary>Whether a custom resource definition defines it.</summary>
    public bool IsCustom { get; init; }
}
