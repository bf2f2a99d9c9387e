using System.Text.RegularExpressions;
using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// A container's variables as far as its spec tells them: plain values, and the pod's own fields. Those out of config
/// maps and secrets are not known here.
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
        _hasOthers = container.EnvFrom is { Count: > 0 };
        foreach (V1EnvVar variable in (container.Env ?? []).Where(v => v?.Name is not null))
        {
            string? told =
                variable.Value ?? (variable.ValueFrom is { } source ? Field(pod, source.FieldRef?.FieldPath) : "");
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

    /// <summary>Whether it has, or may have, a value that the spec does not show.</summary>
    public bool IsHidden(string name) => _hidden.Contains(name) || (_hasOthers && !_values.ContainsKey(name));

    public string? this[string name] => _values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>
    /// The variables that begin so, with the value that the container certainly has, since what its spec says comes
    /// before its image and its config maps; null where the spec does not show it.
    /// </summary>
    public Dictionary<string, string?> Named(string prefix) =>
        _certain.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(v => v.Key, v => v.Value);

    /// <summary>
    /// Puts values in the place of <c>$(NAME)</c>, <c>${NAME}</c> and <c>$NAME</c>. Where the text would grow beyond
    /// all that is useful, as with variables that each name the one before twice, the references stay as they are.
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
            "metadata.namespace" => pod.Metadata.NamespaceProperty,
            "spec.nodeName" => pod.Spec.NodeName,
            "status.podIP" => pod.Status?.PodIP,
            "status.hostIP" => pod.Status?.HostIP,
            _ => null,
        };

    /// <summary>
    /// Kubernetes puts a value in the place of <c>$(NAME)</c> only, and reads <c>$$</c> as one character.
    /// </summary>
    [GeneratedRegex(@"\$(?!\()", RegexOptions.CultureInvariant)]
    private static partial Regex Unexpanded();

    [GeneratedRegex(@"\$[({]?([A-Za-z_][A-Za-z0-9_]*)[)}]?", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
