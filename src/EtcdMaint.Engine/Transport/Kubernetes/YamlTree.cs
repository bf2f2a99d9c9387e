using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Reads YAML as kubectl does. The last value of a repeated key is used. <c>&lt;&lt;</c> merges the keys of another
/// mapping: it overrides the keys before it, and the keys after it override the merged ones. A mapping becomes a
/// dictionary, and a sequence becomes a list. Source: go-yaml v2, parserc.go and decode.go.
/// </summary>
/// <remarks>
/// It reads the tokens of YamlDotNet, but does not use its parser: the parser compiles two regular expressions when it
/// is first used, which takes longer than everything else that is necessary to read a kubeconfig.
/// </remarks>
internal sealed class YamlTree
{
    public const int MaxDepth = 100;

    /// <summary>Merges can repeat a small text without limit.</summary>
    private const int MaxMergedKeys = 10_000;

    private readonly YamlTokens _tokens;
    private readonly List<string> _tagHandles = ["!", "!!"];
    private readonly Dictionary<string, object?> _anchors = new(StringComparer.Ordinal);
    private int _mergedKeys;

    private YamlTree(YamlTokens tokens) => _tokens = tokens;

    /// <summary>What surrounds a node. It decides which nodes are possible without further indentation.</summary>
    private enum Surroundings
    {
        Block,
        BlockMapping,
        Flow,
    }

    /// <summary>Returns the first document, or null if there is none.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static object? Read(TextReader text)
    {
        try
        {
            return new YamlTree(new YamlTokens(text)).ReadDocument();
        }
        catch (Exception unforeseen) when (unforeseen is not (YamlException or IOException))
        {
            // The scanner throws no YamlException for some texts that end too early.
            throw new YamlException(Mark.Empty, Mark.Empty, "The text is not YAML.", unforeseen);
        }
    }

    private object? ReadDocument()
    {
        _tokens.Take<StreamStart>();
        if (TryReadDirectives())
            _tokens.Take<DocumentStart>();
        else if (!_tokens.TryTake<DocumentStart>() && _tokens.Current is StreamEnd or DocumentEnd)
            return null;
        object? root = _tokens.Current is DocumentStart or DocumentEnd or StreamEnd
            ? YamlText.Empty
            : ReadNode(0, Surroundings.Block);
        return _tokens.Current is DocumentStart or DocumentEnd or StreamEnd ? root : throw _tokens.Unexpected();
    }

    private bool TryReadDirectives()
    {
        bool hasVersion = false;
        while (true)
        {
            if (!hasVersion && _tokens.TryTake<VersionDirective>(out var version))
                hasVersion =
                    version.Version.Major == 1 ? true : throw YamlTokens.Error(version, "The YAML version is unknown.");
            else if (_tokens.TryTake<TagDirective>(out var tag))
                _tagHandles.Add(tag.Handle);
            else
                return hasVersion || _tagHandles.Count > 2;
        }
    }

    private object? ReadNode(int depth, Surroundings surroundings)
    {
        if (_tokens.TryTake<AnchorAlias>(out var alias))
            return _anchors.TryGetValue(alias.Value.Value, out object? known)
                ? known
                : throw YamlTokens.Error(alias, "The alias is unknown.");
        if (depth > MaxDepth)
            throw YamlTokens.Error(_tokens.Current, "The value is nested too deeply.");
        (Anchor? anchor, Tag? tag) = ReadProperties();
        object? node = _tokens.Current switch
        {
            Scalar scalar => ReadScalar(scalar, isTagged: tag is not null),
            FlowSequenceStart => ReadFlowSequence(depth),
            FlowMappingStart => ReadFlowMapping(depth),
            BlockSequenceStart when surroundings is not Surroundings.Flow => ReadBlockSequence(depth),
            BlockEntry when surroundings is Surroundings.BlockMapping => ReadEntries(depth),
            BlockMappingStart when surroundings is not Surroundings.Flow => ReadBlockMapping(depth),
            _ when anchor is not null || tag is not null => new YamlText("", IsPlain: tag is null),
            _ => throw _tokens.Unexpected(),
        };
        if (anchor is not null)
            _anchors[anchor.Value.Value] = node;
        return node;
    }

    private (Anchor? Anchor, Tag? Tag) ReadProperties()
    {
        Anchor? anchor = null;
        Tag? tag = null;
        while ((anchor is null && _tokens.TryTake(out anchor)) || (tag is null && _tokens.TryTake(out tag)))
            if (tag is { Handle.Length: > 0 } && !_tagHandles.Contains(tag.Handle))
                throw YamlTokens.Error(tag, "The handle of the tag is unknown.");
        return (anchor, tag);
    }

    private YamlText ReadScalar(Scalar scalar, bool isTagged)
    {
        _tokens.Take<Scalar>();
        return new YamlText(scalar.Value, scalar.Style is ScalarStyle.Plain && !isTagged);
    }

    private List<object?> ReadFlowSequence(int depth)
    {
        var sequence = new List<object?>();
        _tokens.Take<FlowSequenceStart>();
        while (!_tokens.TryTake<FlowSequenceEnd>())
        {
            sequence.Add(_tokens.Current is Key ? ReadSinglePair(depth + 1) : ReadNode(depth + 1, Surroundings.Flow));
            if (_tokens.Current is not FlowSequenceEnd)
                _tokens.Take<FlowEntry>();
        }
        return sequence;
    }

    private List<object?> ReadBlockSequence(int depth)
    {
        _tokens.Take<BlockSequenceStart>();
        List<object?> sequence = ReadEntries(depth);
        _tokens.Take<BlockEnd>();
        return sequence;
    }

    /// <summary>Entries that begin with a hyphen. As a value in a block mapping, they need no indentation.</summary>
    private List<object?> ReadEntries(int depth)
    {
        var sequence = new List<object?>();
        while (_tokens.TryTake<BlockEntry>())
            sequence.Add(ReadOptional(depth + 1, Surroundings.Block));
        return sequence;
    }

    private Dictionary<string, object?> ReadFlowMapping(int depth)
    {
        var mapping = new Dictionary<string, object?>(StringComparer.Ordinal);
        _tokens.Take<FlowMappingStart>();
        while (!_tokens.TryTake<FlowMappingEnd>())
        {
            ReadPair(mapping, depth, Surroundings.Flow);
            if (_tokens.Current is not FlowMappingEnd)
                _tokens.Take<FlowEntry>();
        }
        return mapping;
    }

    /// <summary>A pair in a flow sequence is a mapping of its own.</summary>
    private Dictionary<string, object?> ReadSinglePair(int depth)
    {
        var mapping = new Dictionary<string, object?>(StringComparer.Ordinal);
        ReadPair(mapping, depth, Surroundings.Flow);
        return mapping;
    }

    private Dictionary<string, object?> ReadBlockMapping(int depth)
    {
        var mapping = new Dictionary<string, object?>(StringComparer.Ordinal);
        _tokens.Take<BlockMappingStart>();
        while (!_tokens.TryTake<BlockEnd>())
            ReadPair(mapping, depth, Surroundings.BlockMapping);
        return mapping;
    }

    private void ReadPair(Dictionary<string, object?> mapping, int depth, Surroundings surroundings)
    {
        Token start = _tokens.Current;
        bool isMarked = _tokens.TryTake<Key>();
        if (!isMarked && surroundings is not Surroundings.Flow)
            throw _tokens.Unexpected();
        object? node = isMarked ? ReadOptional(depth + 1, surroundings) : ReadNode(depth + 1, surroundings);
        if (node is not YamlText key)
            throw YamlTokens.Error(start, "A key is not a string.");
        object? value = _tokens.TryTake<Value>() ? ReadOptional(depth + 1, surroundings) : YamlText.Empty;
        if (key is not { IsPlain: true, Value: "<<" })
            mapping[key.Value] = value;
        else if (!TryMerge(mapping, value))
            throw YamlTokens.Error(start, "A merged value is not a mapping.");
    }

    /// <summary>Reads a node, which may be absent.</summary>
    private object? ReadOptional(int depth, Surroundings surroundings) =>
        _tokens.Current is Key or Value or BlockEnd or FlowEntry or FlowMappingEnd or FlowSequenceEnd
        || (_tokens.Current is BlockEntry && surroundings is not Surroundings.BlockMapping)
            ? YamlText.Empty
            : ReadNode(depth, surroundings);

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
}
