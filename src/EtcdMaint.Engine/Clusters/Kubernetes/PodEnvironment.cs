using System.Text.RegularExpressions;
using k8s.Models;

namespace EtcdMaint.Engine.Clusters.Kubernetes;

/// <summary>
/// A container's variables as far as its spec tells them: plain values, and the pod's own fields. Those out of config
/// maps and secrets are not known here.
/// </summary>
internal sealed partial class PodEnvironment
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public PodEnvironment(V1Pod pod, V1Container container)
    {
        foreach (V1EnvVar variable in container.Env ?? [])
            if ((variable.Value ?? Field(pod, variable.ValueFrom?.FieldRef?.FieldPath)) is { } value)
                _values[variable.Name] = Expand(value);
    }

    public string? this[string name] => _values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>Puts values in the place of <c>$(NAME)</c>, <c>${NAME}</c> and <c>$NAME</c>.</summary>
    public string Expand(string text) => Reference().Replace(text, m => _values.TryGetValue(m.Groups[1].Value, out string? value) ? value : m.Value);

    private static string? Field(V1Pod pod, string? path) => path switch
    {
        "metadata.name" => pod.Metadata.Name,
        "metadata.namespace" => pod.Metadata.NamespaceProperty,
        "spec.nodeName" => pod.Spec.NodeName,
        "status.podIP" => pod.Status?.PodIP,
        "status.hostIP" => pod.Status?.HostIP,
        _ => null,
    };

    [GeneratedRegex(@"\$[({]?([A-Za-z_][A-Za-z0-9_]*)[)}]?", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
