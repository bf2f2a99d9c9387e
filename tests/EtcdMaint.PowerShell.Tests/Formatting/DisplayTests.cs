namespace EtcdMaint.PowerShell.Tests.Formatting;

public class DisplayTests
{
    [Theory]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Size(25165824)", "25 MB")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Size(2147483648)", "2.1 GB")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Size(0)", "0 B")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Size($null)", "")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Percent(0.455)", "46%")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Percent(1)", "100%")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Percent($null)", "")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Duration([timespan]::FromMilliseconds(40))", "40 ms")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Duration([timespan]::FromSeconds(3.14))", "3.1 s")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Duration([timespan]::FromSeconds(125))", "2 min 5 s")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Duration([timespan]::FromHours(26.5))", "26 h 30 min")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Duration($null)", "")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Endpoint('https://10.0.0.1:2379')", "10.0.0.1:2379")]
    [InlineData("[EtcdMaint.Cmdlets.Display]::Endpoint($null)", "")]
    [InlineData("[EtcdMaint.Cmdlets.UsageBar]::Draw(0)", "░░░░   0%")]
    [InlineData("[EtcdMaint.Cmdlets.UsageBar]::Draw(0.72)", "██░░  72%")]
    [InlineData("[EtcdMaint.Cmdlets.UsageBar]::Draw(1.2)", "████ 120%")]
    [InlineData("[EtcdMaint.Cmdlets.UsageBar]::Draw($null)", "")]
    public void Formats_values_readably(string call, string shown)
    {
        using var shell = new Shell();
        Assert.Equal(shown, Assert.Single(shell.Run(call).Output));
    }
}
