namespace EtcdMaint.Engine.Tests.Operations.Upgrades;

public sealed class UpgradeTargetTests
{
    [Theory]
    [InlineData("3.6", "3.6", false)]
    [InlineData("v3.6.14", "3.6.14", true)]
    [InlineData(" 3.10 ", "3.10", false)]
    public void A_minor_and_a_patch_release_are_read(string text, string release, bool isPatch)
    {
        UpgradeTarget target = UpgradeTarget.Parse(text);
        Assert.Equal((release, isPatch), (target.ToString(), target.IsPatch));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("latest")]
    [InlineData("3.6.14.1")]
    [InlineData("3.x")]
    [InlineData("3.-6")]
    public void Other_text_is_an_error(string text) =>
        Assert.Equal("ReleaseMalformed", Assert.Throws<EtcdException>(() => UpgradeTarget.Parse(text)).ErrorId);

    [Theory]
    [InlineData("3.6", "3.6.0", true)]
    [InlineData("3.6", "3.5.30", false)]
    [InlineData("3.6", "3.7.0", false)]
    [InlineData("3.6.14", "3.6.13", false)]
    [InlineData("3.6.14", "3.6.14", true)]
    [InlineData("3.6.9", "3.6.10", true)]
    [InlineData("3.10", "3.9.9", false)]
    [InlineData("3.7", "3.7", false)]
    public void A_member_needs_no_upgrade_from_the_release_on(string to, string version, bool isReached) =>
        Assert.Equal(isReached, UpgradeTarget.Parse(to).IsReachedBy(Version.Parse(version)));
}
