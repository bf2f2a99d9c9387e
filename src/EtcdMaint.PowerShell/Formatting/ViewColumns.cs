using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The hidden properties that are columns of the table of <c>Get-EtcdMember</c> and of the tables that
/// <c>Format-Table</c> shows; EtcdMaint.Types.ps1xml names them. The default output of the other records is made by
/// <see cref="ViewRows"/>.
/// </summary>
public static class ViewColumns
{
    /// <summary>
    /// The width of the other columns in the table of members, with all gaps. Endpoint shares the rest with ClientUrl.
    /// </summary>
    private const int MemberTableFixed = 53;

    /// <summary>The name of the member, or its ID if it has no name yet, in a column of 24.</summary>
    public static string Member(PSObject row) => Name(row, 24);

    /// <summary>The same in a column of 16. PowerShell would wrap a longer name over several lines.</summary>
    public static string ShortMember(PSObject row) => Name(row, 16);

    /// <summary>The member that a finding concerns.</summary>
    public static string FindingMember(PSObject row) =>
        MemberNames.Fit(Record<EtcdFinding>(row).MemberName ?? "", [], 16);

    /// <summary>The pod of a member on Kubernetes, otherwise its endpoint.</summary>
    public static string MemberEndpoint(PSObject row)
    {
        EtcdMember member = Record<EtcdMember>(row);
        if (member.PodName is not { } pod)
            return member.Endpoint ?? "";

        // The name of a pod usually contains that of the member, which then loses the same part as in its own column.
        int rest = pod.Length - member.MemberName.Length;
        return rest > 0 && rest < EndpointRoom && pod.EndsWith(member.MemberName, StringComparison.Ordinal)
            ? pod[..rest] + MemberNames.Fit(member.MemberName, member.AllNames, EndpointRoom - rest)
            : MemberNames.Fit(pod, [], EndpointRoom);
    }

    /// <summary>Whether this is the default connection: the property behind the header Default.</summary>
    public static bool IsDefault(PSObject row) => RowText.DefaultMark(Record<EtcdConnection>(row)).Length > 0;

    /// <summary>The endpoint in the status table.</summary>
    public static string StatusEndpoint(PSObject row) =>
        MemberNames.Cut(Display.Endpoint(Record<EtcdMemberStatus>(row).Endpoint), 20);

    /// <summary>The version of the server, or that the member does not reply.</summary>
    public static string Version(PSObject row)
    {
        EtcdMemberStatus status = Record<EtcdMemberStatus>(row);
        return status.IsReachable ? status.Version ?? "" : "no reply";
    }

    /// <summary>The days until the file reaches the quota.</summary>
    public static string ByFile(PSObject row) => Display.Days(Record<EtcdForecast>(row).DaysToQuotaByFile);

    /// <summary>The days until the live data reaches the quota.</summary>
    public static string ByLiveData(PSObject row) => Display.Days(Record<EtcdForecast>(row).DaysToQuotaByLiveData);

    /// <summary>The day on which the next run is due.</summary>
    public static string NextRunDue(PSObject row) => Display.Date(Record<EtcdForecast>(row).NextRunDue);

    /// <summary>The size of the database file.</summary>
    public static string DbSize(PSObject row) => Size(row, nameof(DbSize));

    /// <summary>The bytes of the file that hold data.</summary>
    public static string DbSizeInUse(PSObject row) => Size(row, nameof(DbSizeInUse));

    /// <summary>The share of free pages in the file.</summary>
    public static string Fragmentation(PSObject row) =>
        Display.Percent(Record<EtcdMemberStatus>(row).FragmentationRatio);

    /// <summary>The share of the quota that the file uses.</summary>
    public static string QuotaUsed(PSObject row) => UsageBar.Draw(Record<EtcdMemberStatus>(row).QuotaUsedRatio);

    /// <summary>The armed alarms.</summary>
    public static string Alarms(PSObject row) => RowText.Alarms(Record<EtcdMemberStatus>(row));

    /// <summary>The size of the file before the defragmentation.</summary>
    public static string BytesBefore(PSObject row) => Size(row, nameof(BytesBefore));

    /// <summary>The size of the file after the defragmentation.</summary>
    public static string BytesAfter(PSObject row) => Size(row, nameof(BytesAfter));

    /// <summary>The bytes that were returned to the disk.</summary>
    public static string BytesReclaimed(PSObject row) => Size(row, nameof(BytesReclaimed));

    /// <summary>The size of a snapshot.</summary>
    public static string SizeBytes(PSObject row) => Size(row, nameof(SizeBytes));

    /// <summary>The duration.</summary>
    public static string Duration(PSObject row) => Display.Duration(Value(row, nameof(Duration)) as TimeSpan?);

    /// <summary>The duration of a defragmentation, or the predicted one.</summary>
    public static string DefragDuration(PSObject row) => RowText.Duration(Record<EtcdDefragResult>(row));

    /// <summary>The mark of the default connection.</summary>
    public static string DefaultMark(PSObject row) => RowText.DefaultMark(Record<EtcdConnection>(row));

    /// <summary>The file of a snapshot.</summary>
    public static string Path(PSObject row) => Display.Text(Value(row, nameof(Path)) as string);

    /// <summary>The resource of Kubernetes, or the prefix.</summary>
    public static string SpaceName(PSObject row) => SpaceLayout.Name(Record<EtcdSpaceUsage>(row));

    /// <summary>The number of keys.</summary>
    public static string KeyCount(PSObject row) => SpaceLayout.Keys(Record<EtcdSpaceUsage>(row).KeyCount);

    /// <summary>The size of keys and values, with a tilde if it is an estimate.</summary>
    public static string SpaceSize(PSObject row) => SpaceLayout.Size(Record<EtcdSpaceUsage>(row));

    /// <summary>The share of all keys or bytes, as a bar.</summary>
    public static string Share(PSObject row) => UsageBar.Draw(Record<EtcdSpaceUsage>(row).Share);

    /// <summary>The writes per second.</summary>
    public static string WriteRate(PSObject row) => SpaceLayout.Rate(Record<EtcdSpaceUsage>(row).WritesPerSecond);

    /// <summary>The number of findings of a health check.</summary>
    public static string Verdict(PSObject row) =>
        WordWrap.InLastColumn(RowText.Verdict(Record<EtcdHealthReport>(row)), 31);

    /// <summary>The verdict on an upgrade.</summary>
    public static string CanUpgrade(PSObject row) => RowText.CanUpgrade(Record<EtcdUpgradeReport>(row));

    /// <summary>The members that are still to be upgraded, in order.</summary>
    public static string UpgradeOrder(PSObject row) =>
        WordWrap.InLastColumn(string.Join(", ", Record<EtcdUpgradeReport>(row).Order), 50);

    /// <summary>The message of a finding.</summary>
    public static string Message(PSObject row) => WordWrap.InLastColumn(Record<EtcdFinding>(row).Message, 52);

    /// <summary>The reason why an alarm was not cleared.</summary>
    public static string AlarmReason(PSObject row) => WordWrap.InLastColumn(Record<EtcdAlarm>(row).Reason, 64);

    /// <summary>The reason for the outcome of a compaction.</summary>
    public static string CompactionReason(PSObject row) =>
        WordWrap.InLastColumn(Record<EtcdCompactionResult>(row).Reason, 72);

    /// <summary>The reason for the outcome of a defragmentation.</summary>
    public static string DefragReason(PSObject row) => WordWrap.InLastColumn(Record<EtcdDefragResult>(row).Reason, 67);

    /// <summary>The reason for the outcome of a run.</summary>
    public static string ReportReason(PSObject row) =>
        WordWrap.InLastColumn(Record<EtcdMaintenanceReport>(row).ShownReason, 55);

    /// <summary>The number of members that a plan defragments, of all.</summary>
    public static string PlannedMembers(PSObject row) => PlanLayout.Members(Record<EtcdClusterPlan>(row));

    /// <summary>The predicted pauses of a cluster, or the pause of a member.</summary>
    public static string PlannedPause(PSObject row) =>
        Record<object>(row) is EtcdClusterPlan cluster
            ? PlanLayout.Pause(cluster)
            : PlanLayout.Pause(Record<EtcdMemberPlan>(row));

    /// <summary>The predicted gain of a cluster or of a member.</summary>
    public static string PlannedGain(PSObject row) =>
        Record<object>(row) is EtcdClusterPlan cluster
            ? PlanLayout.Gain(cluster)
            : PlanLayout.Gain(Record<EtcdMemberPlan>(row));

    /// <summary>The reason in a plan.</summary>
    public static string PlannedReason(PSObject row) =>
        Record<object>(row) is EtcdClusterPlan cluster
            ? WordWrap.InLastColumn(cluster.Reason, 64)
            : WordWrap.InLastColumn(Record<EtcdMemberPlan>(row).Reason, 67);

    /// <summary>The time at which a plan was made.</summary>
    public static string PlanTime(PSObject row) => PlanLayout.Time(Record<EtcdMaintenancePlan>(row).CreatedAt);

    private static int EndpointRoom => Math.Max(7, (ScreenWidth.Now() - MemberTableFixed) / 2);

    private static string Name(PSObject row, int room)
    {
        IEtcdMemberRecord record = Record<IEtcdMemberRecord>(row);
        EtcdMember? member = record as EtcdMember ?? record.Member;
        return MemberNames.Fit(Display.Member(record), member?.AllNames ?? [], room);
    }

    private static string Size(PSObject row, string property) => Display.Size(Value(row, property) as long?);

    private static object? Value(PSObject row, string property)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties[property]?.Value;
    }

    private static T Record<T>(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (T)row.BaseObject;
    }
}
