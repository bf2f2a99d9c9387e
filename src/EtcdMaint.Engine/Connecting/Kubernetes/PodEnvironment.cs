using System.Text.RegularExpressions;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// The environment variables of a container as far as its spec shows them: plain values and fields of the pod. Values
/// from config maps and secrets are unknown.
/// </summary>
internal sealed partial class PodEnvironment
{
    private const int LongestValue = 64 * 1024;

    private const int LongestEnvironment = 16 * LongestValue;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hidden = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _certain = new(StringComparer.Ordinal);
    private readonly bool _hasOthers;

    public PodEnvironment(V1Pod pod, V1Container container)
    {
        int length = 0;
        _hasOthers = container.HasEnvFrom;
        foreach (V1EnvVar variable in (container.Env ?? []).OfType<V1EnvVar>().Where(v => v.Name is not null))
        {
            string? told = variable.Value ?? (variable.HasSource ? Field(pod, variable.FieldPath) : "");
            string? value = told is null || length > LongestEnvironment ? null : Expand(told);
            length += value?.Length ?? 0;
            _ = value is null ? _hidden.Add(variable.Name) : _hidden.Remove(variable.Name);
            if (value is null)
                _values.Remove(variable.Name);
            else
                _values[variable.Name] = value;
            _certain[variable.Name] =
                value is null || Unexpanded().IsMatch(told!) || value.Contains("$(", StringComparison.Ordinal)
                    ? null
                    : value;
        }
    }

    /// <summary>Whether the variable has, or may have, a value that the spec does not show.</summary>
    public bool IsHidden(string name) => _hidden.Contains(name) || (_hasOthers && !_values.ContainsKey(name));

    /// <summary>The names of the variables in the spec.</summary>
    public IEnumerable<string> Names => _certain.Keys;

    public string? this[string name] => _values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>
    /// Returns the variables with this prefix and the values that the container certainly has, because its spec takes
    /// precedence over its image and its config maps. The value is null if the spec does not show it.
    /// </summary>
    public Dictionary<string, string?> Named(string prefix) =>
        _certain.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(v => v.Key, v => v.Value);

    /// <summary>
    /// Replaces <c>$(NAME)</c>, <c>${NAME}</c> and <c>$NAME</c> with their values. References that would make the text
    /// too long remain unchanged, for example if each variable contains the previous one twice.
    /// </summary>
    public string Expand(string text)
    {
        int length = text.Length;
        return Reference().Replace(text, Value);

        string Value(Match reference) =>
            _values.TryGetValue(reference.Groups[1].Value, out string? value)
            && (length += value.Length) <= LongestValue
                ? value
                : reference.Value;
    }

    private static string? Field(V1Pod pod, string? path) =>
        path switch
        {
            "metadata.name" => pod.Metadata.Name,
            "metadata.namespace" => pod.Metadata.Namespace,
            "spec.nodeName" => pod.Spec.NodeName,
            "status.podIP" => pod.Status?.PodIP,
            "status.hostIP" => pod.Status?.HostIP,
            _ => null,
        };

    /// <summary>Kubernetes replaces only <c>$(NAME)</c>, and reads <c>$$</c> as one character.</summary>
    [GeneratedRegex(@"\$(?!\()", RegexOptions.CultureInvariant)]
    private static partial Regex Unexpanded();

    [GeneratedRegex(@"\$[({]?([A-Za-z_][A-Za-z0-9_]*)[)}]?", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
