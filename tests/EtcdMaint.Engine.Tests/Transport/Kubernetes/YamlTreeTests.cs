using System.Text;
using EtcdMaint.Engine.Transport.Kubernetes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>The tree is the same as one from the parser of YamlDotNet, which is slow on its first use.</summary>
public sealed class YamlTreeTests
{
    private const string Whole = """
        # A comment
        apiVersion: v1
        current-context: "a: b" # Another one
        empty:
        contexts:
        - name: one
          context: {cluster: one, user: 'it''s', "quoted":x, alone, : nothing}
        -
        - - nested
          - [a, b: c, {d: e}, ]
        clusters: [
          {name: one}, "two
          lines"
        ]
        anchor: &a !!str text
        alias: *a
        text: |
          line 1
            line 2
        folded: >-
          line 1
          line 2
        ? complex
        : value
        ? absent
        plain text: over
          two lines
        last: ~
        """;

    [Theory]
    [InlineData("")]
    [InlineData("# nothing")]
    [InlineData("---")]
    [InlineData("--- text")]
    [InlineData("---\n...\n")]
    [InlineData("...")]
    [InlineData("text\n---\nof another document")]
    [InlineData("%YAML 1.1\n---\na: b")]
    [InlineData("%TAG !e! tag:example,2026:\n---\na: !e!x b")]
    [InlineData("{a: b, c: [d, e]}")]
    [InlineData("{\"a\":\"b\",\"c\":[1,true,null,{}],\"d\":[]}")]
    [InlineData("[{}, [], '', \"\", ~, ! a, !!int 5]")]
    [InlineData("a:\n- b\n- c:\n  - d\ne: f")]
    [InlineData("a: &x\nb: *x")]
    [InlineData("a: &x {b: c}\nd: *x")]
    [InlineData("a: !t &x b\nc: &y !t d")]
    [InlineData("{? a, ? b : c, d: }")]
    [InlineData("? a\n? b\n: c")]
    [InlineData("[a: b, c]")]
    [InlineData(Whole)]
    public void A_text_gives_the_same_tree(string text) => Assert.Equal(ByParser(text), ByTokens(text));

    [Theory]
    [InlineData("a: b: c")]
    [InlineData("[a")]
    [InlineData("[a b: c")]
    [InlineData("{a: b")]
    [InlineData("a: [}")]
    [InlineData("- a\nb")]
    [InlineData("a: b\nc")]
    [InlineData("a: &x &y b")]
    [InlineData("a: !unknown!x b")]
    [InlineData("%YAML 2.0\n---\na: b")]
    [InlineData("%YAML 1.2\na: b")]
    [InlineData("a: *x")]
    [InlineData("'a")]
    public void Another_text_is_rejected(string text) => Assert.ThrowsAny<YamlException>(() => ByTokens(text));

    [Fact]
    public void A_damaged_text_gives_the_same_tree_or_an_error()
    {
        var random = new Random(23);
        const string Signs = "{}[]:,&*!|>'\"%#?-~ \n\tax0";
        int same = 0;
        for (int round = 0; round < 5000; round++)
        {
            var text = new StringBuilder(Whole);
            for (int change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = Signs[random.Next(Signs.Length)];
            if (Try(ByTokens, text.ToString()) is not { } tree || Try(ByParser, text.ToString()) is not { } expected)
                continue;
            Assert.True(expected == tree, $"{expected}\n{tree}\n{text}");
            same++;
        }
        Assert.InRange(same, 1000, 5000);
    }

    private static string? Try(Func<string, string> read, string text)
    {
        try
        {
            return read(text);
        }
        catch (YamlException)
        {
            return null;
        }
    }

    private static string ByTokens(string text)
    {
        var shown = new StringBuilder();
        Show(YamlTree.Read(new StringReader(text)), shown);
        return shown.ToString();
    }

    private static void Show(object? node, StringBuilder shown)
    {
        switch (node)
        {
            case Dictionary<string, object?> mapping:
                shown.Append('{');
                foreach ((string key, object? value) in mapping.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    Show(value, shown.Append(key).Append('='));
                shown.Append('}');
                break;
            case List<object?> sequence:
                shown.Append('[');
                foreach (object? item in sequence)
                    Show(item, shown);
                shown.Append(']');
                break;
            default:
                shown.Append(node?.ToString() ?? "nothing");
                break;
        }
    }

    private static string ByParser(string text)
    {
        var parser = new Parser(new StringReader(text));
        var shown = new StringBuilder();
        try
        {
            parser.Consume<StreamStart>();
            Show(
                parser.TryConsume<DocumentStart>(out _) ? Read(parser, new Dictionary<string, object?>()) : null,
                shown
            );
            return shown.ToString();
        }
        catch (Exception unforeseen) when (unforeseen is not YamlException)
        {
            throw new YamlException("The text is not YAML.", unforeseen);
        }
    }

    private static object? Read(Parser parser, Dictionary<string, object?> anchors)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return anchors.TryGetValue(alias.Value.Value, out object? known)
                ? known
                : throw new YamlException("The alias is unknown.");
        var start = (NodeEvent)parser.Current!;
        object node;
        if (parser.TryConsume<Scalar>(out var scalar))
            node = new YamlText(scalar.Value, scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty);
        else if (parser.TryConsume<SequenceStart>(out _))
        {
            var sequence = new List<object?>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                sequence.Add(Read(parser, anchors));
            node = sequence;
        }
        else
        {
            parser.Consume<MappingStart>();
            var mapping = new Dictionary<string, object?>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Read(parser, anchors) is not YamlText key)
                    throw new YamlException("A key is not a string.");
                mapping[key.Value] = Read(parser, anchors);
            }
            node = mapping;
        }
        if (!start.Anchor.IsEmpty)
            anchors[start.Anchor.Value] = node;
        return node;
    }
}
