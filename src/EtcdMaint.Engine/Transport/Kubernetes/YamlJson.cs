using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>Converts nodes of <see cref="YamlTree"/> to JSON.</summary>
internal static partial class YamlJson
{
    /// <summary>More than any kubeconfig has in one value. Aliases can repeat a small text without limit.</summary>
    private const int MaxNodes = 10_000;

    /// <exception cref="YamlException">The value is larger than any expected value.</exception>
    public static JsonNode? Of(object? node)
    {
        int left = MaxNodes;
        return Of(node, 0, ref left);
    }

    private static JsonNode? Of(object? node, int depth, ref int left)
    {
        if (--left < 0 || depth > YamlTree.MaxDepth)
            throw new YamlException("The value is too large.");
        switch (node)
        {
            case Dictionary<string, object?> mapping:
                var json = new JsonObject();
                foreach ((string key, object? value) in mapping)
                    json[key] = Of(value, depth + 1, ref left);
                return json;
            case List<object?> sequence:
                var array = new JsonArray();
                foreach (object? item in sequence)
                    array.Add(Of(item, depth + 1, ref left));
                return array;
            default:
                return node is YamlText text ? Of(text) : null;
        }
    }

    private static JsonNode? Of(YamlText text)
    {
        if (text.IsNull)
            return null;
        if (text.Flag is { } flag)
            return JsonValue.Create(flag);
        return text.IsPlain && NumberPattern().IsMatch(text.Value)
            ? JsonNode.Parse(text.Value)
            : JsonValue.Create(text.Value);
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberPattern();
}
