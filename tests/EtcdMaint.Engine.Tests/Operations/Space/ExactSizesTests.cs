using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Tests.Properties;
using FsCheck.Fluent;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>The bytes of groups whose values are all read.</summary>
public sealed class ExactSizesTests
{
    [Fact]
    public Task Every_value_is_measured_once() =>
        Property.ForAllAsync(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            100,
            seed => CheckAsync(seed).GetAwaiter().GetResult()
        );

    private static async Task CheckAsync(int seed)
    {
        var random = new Random(seed);
        MemoryKeys keys = KeySets.Measured(new KeySets(random).Next(), random);
        SpanReader reader = SpaceReads.ReaderOf(
            new MemoryMember(keys) { MaximumReplyBytes = random.Next(2) == 0 ? 20_000 : long.MaxValue }
        );
        GroupDiscovery found = await SpaceReads.DiscoverAsync(reader);
        double last = 0;
        await new ExactSizes(reader, done => last = done).RunAsync(found.Groups);

        Assert.Equal(
            keys.Sizes.GroupBy(key => found.GroupOf(key.Key))
                .Select(group => (group.Key, (long?)group.Sum(key => (long)key.Bytes), group.Max(key => key.Bytes)))
                .OrderBy(group => group.Key, StringComparer.Ordinal),
            found.Groups.Select(group => (group.Prefix, group.Sizes.ExactBytes, group.Sizes.Largest.Bytes))
        );
        Assert.Equal(found.Groups.Count > 0 ? 1 : 0, last);
    }

    /// <summary>Until all keys of a group were measured, nothing about its bytes is exact.</summary>
    [Fact]
    public async Task A_cancelled_reading_calls_no_sum_of_some_keys_exact()
    {
        MemoryKeys keys = new(
            Enumerable.Range(0, 30_000).Select(i => new KeySize($"/{(i < 100 ? "a" : "b")}/{i:d6}", 1000))
        );
        int reads = 0;
        var member = new MemoryMember(keys)
        {
            FailureOf = _ => keys.BytesRead > 5_000_000 && reads++ >= 0 ? CallFailure.PermissionDenied : null,
        };
        SpanReader reader = SpaceReads.ReaderOf(member);
        GroupDiscovery found = await SpaceReads.DiscoverAsync(reader);
        await Assert.ThrowsAsync<MemberCallException>(() => new ExactSizes(reader, _ => { }).RunAsync(found.Groups));

        IReadOnlyList<EtcdSpaceUsage> rows = new SpaceUsageRows("test", "1").Of(found, null);
        Assert.Equal(
            [("/a/", 100_000, true, 100.0 / 30_000), ("/b/", (long?)null, false, 29_900.0 / 30_000)],
            rows.OrderBy(row => row.Prefix, StringComparer.Ordinal)
                .Select(row => (row.Prefix, row.Bytes, row.BytesAreExact, row.Share!.Value))
        );
    }

    /// <summary>The first stream ends early. The other member continues where it ended, as a stream or in pages.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(null)]
    public async Task A_stream_that_ends_early_is_continued_at_another_member(int? pieces)
    {
        MemoryKeys keys = new(Enumerable.Range(0, 12_345).Select(i => new KeySize($"/registry/pods/web/{i:d6}", 1000)));
        SpanReader reader = SpaceReads.ReaderOf(
            new MemoryMember(keys, "m1") { StreamedPieces = pieces },
            new MemoryMember(keys, "m2") { StreamedPieces = 3 }
        );
        GroupDiscovery found = await SpaceReads.DiscoverAsync(reader);
        long before = keys.BytesRead;
        await new ExactSizes(reader, _ => { }).RunAsync(found.Groups);
        Assert.Equal(12_345_000, Assert.Single(found.Groups).Sizes.ExactBytes);
        Assert.Equal("m1", Assert.Single(reader.Members).ToString());
        Assert.InRange(keys.BytesRead - before, 12_345_000, 2 * 12_345_000);
    }

    /// <summary>Helm keeps its releases in Secrets of up to 1 MB.</summary>
    [Fact]
    public async Task Values_that_are_together_too_large_for_one_reply_are_read_one_by_one()
    {
        MemoryKeys keys = new(
            Enumerable
                .Range(0, 200)
                .Select(i => new KeySize($"/registry/secrets/web/{i:d4}", i < 100 ? 100 : 1_000_000))
        );
        SpanReader reader = SpaceReads.ReaderOf(new MemoryMember(keys) { MaximumReplyBytes = 1_500_000 });
        GroupDiscovery found = await SpaceReads.DiscoverAsync(reader);
        await new ExactSizes(reader, _ => { }).RunAsync(found.Groups);
        Assert.Equal(100_010_000, Assert.Single(found.Groups).Sizes.ExactBytes);
    }

    [Fact]
    public async Task Pages_walk_through_a_large_group_only_a_few_times()
    {
        MemoryKeys keys = new(
            Enumerable
                .Range(0, 60_000)
                .Select(i => new KeySize($"/registry/pods/web/api-{i * 7919L % 1_000_003:x}", 2000))
        );
        SpanReader reader = SpaceReads.ReaderOf(new MemoryMember(keys));
        GroupDiscovery found = await SpaceReads.DiscoverAsync(reader);
        long before = keys.Walked;
        await new ExactSizes(reader, _ => { }).RunAsync(found.Groups);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(double)(keys.Walked - before) / keys.Keys.Count:0.0} times, {keys.Calls} calls"
        );
        Assert.InRange(keys.Walked - before, 1, 25 * keys.Keys.Count);
    }
}
