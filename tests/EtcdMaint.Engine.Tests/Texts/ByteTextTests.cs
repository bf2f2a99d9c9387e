namespace EtcdMaint.Engine.Tests.Texts;

public sealed class ByteTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(9_949, "9.9 kB")]
    [InlineData(9_960, "10 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1.0 MB")]
    [InlineData(2_147_483_648, "2.1 GB")]
    [InlineData(-5_000_000, "-5.0 MB")]
    [InlineData(long.MaxValue, "9223 PB")]
    [InlineData(long.MinValue, "-9223 PB")]
    public void Formats_sizes_with_two_or_three_digits(long bytes, string text) =>
        Assert.Equal(text, ByteText.Of(bytes));
}
