using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Tests.Properties;
using FsCheck.Fluent;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>The division of spans: the parts cover the whole once, in the order of etcd.</summary>
public sealed class SpanSplitTests(ITestOutputHelper output)
{
    [Fact]
    public Task What_follows_a_group_or_key_is_covered_once() =>
        Property.ForAllAsync(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            2000,
            seed =>
            {
                var random = new Random(seed);
                (KeySpan whole, string own) = Next(random);
                string start = random.Next(2) == 0 ? own + "\0" : SpanSplit.Earlier(KeySpan.After(own), whole.To);
                AssertCovers(
                    new KeySpan(start, whole.To),
                    [.. SpanSplit.Rest(own, start, whole.To, isLarge: random.Next(2) == 0)]
                );
            }
        );

    [Fact]
    public Task A_division_by_characters_covers_a_span_once() =>
        Property.ForAllAsync(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            2000,
            seed =>
            {
                (KeySpan whole, _) = Next(new Random(seed));
                AssertCovers(whole, [.. SpanSplit.ByCharacter(whole.From, whole.To)]);
            }
        );

    /// <summary>The leaves have every key once, and no division goes on without an end.</summary>
    [Fact]
    public async Task A_divided_span_has_every_key_in_one_leaf()
    {
        double worst = 0;
        await Property.ForAllAsync(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            60,
            seed =>
            {
                var random = new Random(seed);
                MemoryKeys keys = KeySets.Measured(new KeySets(random).Next(), random);
                if (keys.Keys.Count == 0)
                    return;
                int leafKeys = random.Next(1, 40);
                string? first = random.Next(2) == 0 ? keys.Keys[0] : null;
                var open = new Stack<SpanNode>([new SpanNode(KeySpan.All, keys.Keys.Count, first)]);
                long counted = 0;
                string from = "";
                while (open.TryPop(out SpanNode? node))
                {
                    if (node.Count <= leafKeys)
                    {
                        Assert.True(string.CompareOrdinal(from, node.Span.From) <= 0, "leaves overlap");
                        Assert.Equal(keys.Count(node.Span), node.Count);
                        counted += node.Count;
                        from = node.Span.To;
                        continue;
                    }
                    node.Divide(keys.Read(node.Division), leafKeys);
                    Assert.Equal(node.Count, node.Parts!.Sum(part => part.Count));
                    foreach (SpanNode part in node.Parts!.Reverse())
                        open.Push(part);
                }
                Assert.Equal(keys.Keys.Count, counted);
                worst = Math.Max(worst, (double)keys.Walked / keys.Keys.Count);
            }
        );
        output.WriteLine($"walked {worst:0} times");
    }

    /// <summary>A span that begins with a key, and a key in it.</summary>
    private static (KeySpan Whole, string Own) Next(Random random)
    {
        string[] keys = [.. Enumerable.Range(0, 3).Select(_ => Key(random)).Order(StringComparer.Ordinal)];
        string to =
            random.Next(4) == 0 ? KeySpan.Endless
            : random.Next(2) == 0 ? KeySpan.After(keys[0][..random.Next(1, keys[0].Length + 1)])
            : keys[2] + "\u0001";
        var whole = new KeySpan(keys[0], to);
        return (whole, whole.Contains(keys[1]) ? keys[1] : keys[0]);
    }

    private static string Key(Random random) =>
        string.Concat(
            Enumerable
                .Range(0, random.Next(1, 6))
                .Select(_ => random.Next(3) > 0 ? "/a-\u00ff\0z"[random.Next(6)] : (char)random.Next(256))
        );

    private static void AssertCovers(KeySpan whole, IReadOnlyList<KeySpan> parts)
    {
        if (whole.IsEmpty || parts.Count == 0)
        {
            Assert.True(
                parts.Count == 0 && (whole.IsEmpty || whole.From == KeySpan.Endless),
                $"{whole}: {parts.Count}"
            );
            return;
        }
        Assert.Equal(whole.From, parts[0].From);
        Assert.Equal(whole.To, parts[^1].To);
        Assert.All(parts.Zip(parts.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.All(parts, part => Assert.False(part.IsEmpty));
        Assert.All(parts.SkipLast(1), part => Assert.NotEqual(KeySpan.Endless, part.To));
    }
}
