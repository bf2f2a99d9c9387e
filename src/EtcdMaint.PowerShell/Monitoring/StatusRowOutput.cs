namespace EtcdMaint.Cmdlets;

/// <summary>
/// Emits the rows of each reading to the pipeline. An error or a warning that lasts is written once, and again if it
/// returns.
/// </summary>
internal sealed class StatusRowOutput(PipelinePump pump)
{
    private HashSet<string> _shown = [];

    public async Task ShowAsync(IReadOnlyList<ClusterReading> readings)
    {
        HashSet<string> current = [];
        bool IsNew(string text) => current.Add(text) && !_shown.Contains(text);
        foreach (ClusterReading reading in readings)
        {
            foreach (EtcdMemberStatus row in reading.Members.Select(member => member.Status))
                pump.Emit(row);
            foreach (
                EtcdException error in reading.Errors.Where(error => IsNew($"{reading.ClusterName} {error.Brief}"))
            )
                pump.ReportError(error);
            foreach (string warning in reading.Warnings.Where(IsNew))
                pump.Warn(warning);
        }
        _shown = current;
        // A pipeline that is slower than the readings must not collect them.
        await pump.WaitUntilWrittenAsync();
    }
}
