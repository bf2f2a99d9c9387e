using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Tests.Client;

/// <summary>The version that a member reports.</summary>
public sealed class EtcdVersionTests
{
    [Theory]
    [InlineData("3.6.14", "3.6.14")]
    [InlineData("3.5.9-eks.1", "3.5.9")]
    [InlineData("3.5.30+git", "3.5.30")]
    [InlineData("3.7.0-rc.0", "3.7")]
    [InlineData("3.8.0-alpha.0", "3.8")]
    [InlineData("unknown", null)]
    [InlineData(null, null)]
    public void A_pre_release_is_lower_than_its_release_and_higher_than_the_release_before(
        string? text,
        string? expected
    )
    {
        Version? version = EtcdVersion.Parse(text);
        Assert.Equal(expected, version?.ToString());
        if (version?.Build < 0)
        {
            Assert.True(version < new Version(version.Major, version.Minor, 0));
            Assert.True(version > new Version(version.Major, version.Minor - 1, 99));
        }
    }
}
