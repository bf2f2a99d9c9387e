using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Draws each reading in place of the one before.</summary>
internal sealed class StatusScreenOutput(PSCmdlet cmdlet, PipelinePump pump, TimeSpan interval)
{
    private readonly LiveScreen _screen = new(cmdlet.Host.UI);

    public Task ShowAsync(IReadOnlyList<ClusterReading> readings) =>
        pump.AskAsync(() =>
        {
            _screen.Draw(LiveStatusLayout.Lines(readings, DateTimeOffset.Now, interval, _screen.Width));
            return true;
        });
}
