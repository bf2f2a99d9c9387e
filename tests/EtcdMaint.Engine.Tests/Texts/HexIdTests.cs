namespace EtcdMaint.Engine.Tests.Texts;

public sealed class HexIdTests
{
    [Theory]
    [InlineData(0x8e9e05c52164694dUL, "8e9e05c52164694d")]
    [InlineData(0xabUL, "ab")]
    [InlineData(ulong.MaxValue, "ffffffffffffffff")]
    public void Formats_an_ID_as_etcdctl_does_and_reads_it_back(ulong id, string text)
    {
        Assert.Equal(text, HexId.Format(id));
        Assert.True(HexId.TryParse(text, out ulong read));
        Assert.Equal(id, read);
    }

    [Theory]
    [InlineData("0x8E12", 0x8e12UL)]
    [InlineData(" 8e12 ", 0x8e12UL)]
    [InlineData("0X1", 1UL)]
    [InlineData("8412", 0x8412UL)]
    public void Reads_the_formats_that_users_write(string text, ulong id)
    {
        Assert.True(HexId.TryParse(text, out ulong read));
        Assert.Equal(id, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("etcd-1")]
    [InlineData("-1")]
    [InlineData("18e9e05c52164694d")]
    public void Rejects_text_that_is_not_an_ID(string? text) => Assert.False(HexId.TryParse(text, out _));
}
