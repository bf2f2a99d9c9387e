namespace EtcdMaint.Cmdlets;

/// <summary>
/// Finds out whether the input of a cmdlet that plans comes from a step that was carried out: <c>-WhatIf</c> at the end
/// of a line does not apply to the cmdlets before it.
/// </summary>
internal static class EarlierStep
{
    /// <summary>Returns what was carried out, without a full stop; null if nothing was.</summary>
    public static string? Describe(IReadOnlyList<IEtcdMemberRecord> records)
    {
        string[] steps =
        [
            .. records
                .Select(record => (Step: StepOf((record as SelectedRecord)?.Result ?? record), record.ClusterName))
                .Where(done => done.Step is not null)
                .GroupBy(done => done.Step, done => done.ClusterName)
                .Select(done => $"{done.Key} of {string.Join(", ", done.Distinct())} was carried out"),
        ];
        return steps.Length == 0 ? null : string.Join(". ", steps);
    }

    private static string? StepOf(IEtcdMemberRecord record) =>
        record switch
        {
            EtcdCompactionResult { Status: EtcdCompactionStatus.Compacted } => "The compaction",
            EtcdDefragResult { Status: EtcdDefragStatus.Defragmented } => "The defragmentation",
            EtcdAlarm { Status: EtcdAlarmStatus.Cleared } => "The clearing of the alarm",
            _ => null,
        };
}
