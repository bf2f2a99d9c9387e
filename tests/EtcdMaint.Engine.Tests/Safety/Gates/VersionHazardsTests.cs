using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

public sealed class VersionHazardsTests
{
    [Theory]
    [InlineData("3.4.23", false)]
    [InlineData("3.5.0", true)]
    [InlineData("3.5.5", true)]
    [InlineData("3.5.5-rc.1", true)]
    [InlineData("3.5.6", false)]
    [InlineData("3.6.0", false)]
    [InlineData("", false)]
    [InlineData("what", false)]
    public void Blocks_members_whose_data_could_diverge(string version, bool isBlocked) =>
        Assert.Equal(isBlocked, VersionHazards.FindBlocking(version) is not null);

    [Theory]
    [InlineData("3.4.23", true)]
    [InlineData("3.4.34", true)]
    [InlineData("3.4.35", false)]
    [InlineData("3.5.16", true)]
    [InlineData("3.5.17", false)]
    [InlineData("3.5.30", false)]
    [InlineData("3.6.14+git", false)]
    public void Knows_the_versions_that_crash_on_a_full_disk(string version, bool dies)
    {
        Assert.Equal(dies, VersionHazards.DiesOnFullDisk(version));
        Assert.Equal(dies, VersionHazards.FindDiskFull(version) is not null);
    }

    [Theory]
    [InlineData("3.4.22", true)]
    [InlineData("3.4.23", false)]
    [InlineData("3.5.0", true)]
    [InlineData("3.5.6", true)]
    [InlineData("3.5.7", false)]
    [InlineData("3.6.14", false)]
    [InlineData("what", false)]
    public void Knows_the_versions_that_crash_when_a_read_of_several_spans_is_ended(string version, bool dies) =>
        Assert.Equal(dies, VersionHazards.DiesOnEndedRead(version));
}
