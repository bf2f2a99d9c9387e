using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Reads YAML as kubectl does. The last value of a repeated key is used. <c>&lt;&lt;</c> merges the keys of another
/// mapping: it overrides the keys before it, and the keys after it override the merged ones. A mapping becomes a
/// dictionary, and a sequence becomes a list. Source: go-yaml v2, decode.go.
/// </summary>
internal sealed partial class YamlTree
{
    private const int MaxDepth = 100;

    /// <summary>More than any kubeconfig has in one value. Aliases can repeat a small text without limit.</summary>
    private const int MaxJsonNodes = 10_000;

    /// <summary>Merges can also repeat a small text without limit.</summary>
    private const int MaxMergedKeys = 10_000;

    private readonly IParser _parser;
    private readonly Dictionary<AnchorName, object?> _anchors = [];
    private int _mergedKeys;

    private YamlTree(IParser parser) => _parser = parser;

    /// <summary>Returns the first document, or null if there is none.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static object? Read(TextReader text)
    {
        var parser = new Parser(text);
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
                return null;
            object? root = new YamlTree(parser).ReadNode(0);
            parser.Consume<DocumentEnd>();
            return root;
        }
        catch (Exception unforeseen) when (unforeseen is not (YamlException or IOException))
        {
            // The scanner throws no YamlException for some texts that end too early.
            Mark end = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(end, end, "The text is not YAML.", unforeseen);
        }
    }

    /// <exception cref="YamlException">The value is larger than any expected value.</exception>
    public static JsonNode? ToJson(object? node)
    {
        int left = MaxJsonNodes;
        return ToJson(node, 0, ref left);
    }

    private static JsonNode? ToJson(object? node, int depth, ref int left)
    {
        if (--left < 0 || depth > MaxDepth)
            throw new YamlException("The value is too large.");
        switch (node)
        {
            case Dictionary<string, object?> mapping:
                var json = new JsonObject();
                foreach ((string key, object? value) in mapping)
                    json[key] = ToJson(value, depth + 1, ref left);
                return json;
            case List<object?> sequence:
                var array = new JsonArray();
                foreach (object? item in sequence)
                    array.Add(ToJson(item, depth + 1, ref left));
                return array;
            default:
                return node is YamlText text ? ToJson(text) : null;
        }
    }

    private static JsonNode? ToJson(YamlText text)
    {
        if (text.IsNull)
            return null;
        if (text.Flag is { } flag)
            return JsonValue.Create(flag);
        return text.IsPlain && NumberPattern().IsMatch(text.Value)
            ? JsonNode.Parse(text.Value)
            : JsonValue.Create(text.Value);
    }

    private object? ReadNode(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return _anchors.TryGetValue(alias.Value, out object? known)
                ? known
                : throw new YamlException(alias.Start, alias.End, "The alias is unknown.");
        if (depth > MaxDepth)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "The value is nested too deeply.");
        AnchorName anchor = _parser.Current is NodeEvent start ? start.Anchor : default;
        object? node =
            _parser.TryConsume<Scalar>(out var scalar)
                ? new YamlText(scalar.Value, scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty)
            : _parser.TryConsume<SequenceStart>(out _) ? ReadSequence(depth)
            : ReadMapping(depth);
        if (!anchor.IsEmpty)
            _anchors[anchor] = node;
        return node;
    }

    private List<object?> ReadSequence(int depth)
    {
        var sequence = new List<object?>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            sequence.Add(ReadNode(depth + 1));
        return sequence;
    }

    private Dictionary<string, object?> ReadMapping(int depth)
    {
        ParsingEvent start = _parser.Consume<MappingStart>();
        var mapping = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is not YamlText key)
                throw new YamlException(start.Start, start.End, "A key is not a string.");
            object? value = ReadNode(depth + 1);
            if (key is not { IsPlain: true, Value: "<<" })
                mapping[key.Value] = value;
            else if (!TryMerge(mapping, value))
                throw new YamlException(start.Start, start.End, "A merged value is not a mapping.");
        }
        return mapping;
    }

    /// <summary>Merges one or more mappings. If several contain a key, the first one is used.</summary>
    private bool TryMerge(Dictionary<string, object?> mapping, object? merged)
    {
        List<object?> sources = merged is List<object?> several ? several : [merged];
        foreach (object? source in Enumerable.Reverse(sources))
        {
            if (source is not Dictionary<string, object?> entries)
                return false;
            _mergedKeys += entries.Count + 1;
            if (_mergedKeys > MaxMergedKeys)
                throw new YamlException("The merged mappings are too large.");
            foreach ((string key, object? value) in entries)
                mapping[key] = value;
        }
        return true;
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberPattern();
}
