using EtcdMaint.Fleet;
using FsCheck;
using FsCheck.Fluent;
using Property = EtcdMaint.Engine.Tests.Properties.Property;

namespace EtcdMaint.Engine.Tests.Fleet;

/// <summary>The shard of a cluster depends only on its name and on the number of shards.</summary>
public sealed class ShardTests
{
    private static Gen<string> Name =>
        Gen.Elements([.. "abcxyz019-._ äÖß中"]).NonEmptyListOf().Select(letters => string.Concat(letters));

    [Theory]
    [InlineData("3/20", 3, 20)]
    [InlineData("1/1", 1, 1)]
    [InlineData(" 03/20 ", 3, 20)]
    public void Text_is_read(string text, int number, int count) =>
        Assert.Equal(new Shard(number, count), Shard.Parse(text));

    [Theory]
    [InlineData("0/20")]
    [InlineData("21/20")]
    [InlineData("3/0")]
    [InlineData("0/0")]
    [InlineData("-1/20")]
    [InlineData("x")]
    [InlineData("3")]
    [InlineData("/20")]
    [InlineData("3/")]
    [InlineData("1/2/3")]
    [InlineData("1,5/2")]
    [InlineData("99999999999/2")]
    public void Other_text_is_rejected(string text)
    {
        EtcdException error = Assert.ThrowsAny<EtcdException>(() => Shard.Parse(text));
        Assert.Equal(("ShardInvalid", EtcdErrorCategory.InvalidArgument), (error.ErrorId, error.Category));
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Other versions of the module, and other machines, must divide a fleet in the same way.</summary>
    [Theory]
    [InlineData("prod", 20, 15)]
    [InlineData("edge-7", 20, 19)]
    [InlineData("edge-7", 1, 1)]
    public void The_division_never_changes(string name, int count, int shard) =>
        Assert.Equal(shard, Shard.Of(name, count));

    [Fact]
    public Task Every_name_is_in_exactly_one_shard_in_either_case() =>
        Property.ForAllAsync(
            Arb.From(Name.SelectMany(name => Gen.Choose(1, 40).Select(count => (name, count)))),
            500,
            one =>
            {
                (string name, int count) = one;
                Shard[] all = [.. Enumerable.Range(1, count).Select(number => new Shard(number, count))];
                Assert.Single(all, shard => shard.Contains(name));
                Assert.Single(all, shard => shard.Contains(name.ToUpperInvariant()) && shard.Contains(name));
            }
        );

    [Fact]
    public Task With_one_more_shard_names_move_only_to_the_new_one() =>
        Property.ForAllAsync(
            Arb.From(Name.SelectMany(name => Gen.Choose(1, 200).Select(count => (name, count)))),
            2000,
            one =>
            {
                int now = Shard.Of(one.name, one.count + 1);
                Assert.True(now == Shard.Of(one.name, one.count) || now == one.count + 1);
            }
        );

    [Fact]
    public void Few_of_many_names_move_and_the_shards_have_similar_sizes()
    {
        string[] names = [.. Enumerable.Range(0, 10_000).Select(number => $"edge-{number}.example.com")];
        int moved = names.Count(name => Shard.Of(name, 20) != Shard.Of(name, 21));
        Assert.InRange(moved, 10_000 / 21 * 8 / 10, 10_000 / 21 * 12 / 10);

        int[] sizes = [.. names.GroupBy(name => Shard.Of(name, 20)).Select(shard => shard.Count())];
        Assert.Equal(20, sizes.Length);
        Assert.InRange(sizes.Min(), 400, 500);
        Assert.InRange(sizes.Max(), 500, 600);
    }
}
