using System.Globalization;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Fits the status table into the screen. On a wide screen it has the figures of raft too. For pods it has no
/// endpoints: they name the pod again.
/// </summary>
internal static class StatusLayout
{
    /// <summary>The narrowest screen on which the table shows the figures of raft.</summary>
    private const int WideScreen = 115;

    /// <summary>The width of the columns from Version to Role, with the gap before each.</summary>
    private const int FiguresWidth = 54;

    /// <summary>The width of the columns of raft, with the gap before each.</summary>
    private const int RaftWidth = 27;

    /// <summary>The width that a long name leaves for an endpoint: most IPv4 addresses with a port fit.</summary>
    private const int LeastEndpointWidth = 17;

    private const int LeastNameWidth = 7;

    /// <summary>PowerShell leaves the last column of the screen empty.</summary>
    private const int Margin = 1;

    public static TextColumn[] Columns(EtcdMemberStatus status, int screen)
    {
        (int name, int endpoint) = Widths(status, screen);
        return
        [
            new("Member", Math.Max("Member".Length, name)),
            .. HasEndpoint(status) ? new TextColumn[] { new("Endpoint", endpoint) } : [],
            new("Version", 7),
            new("Size", 6, IsRight: true),
            new("InUse", 6, IsRight: true),
            new("Frag", 4, IsRight: true),
            new("QuotaUsed", 9),
            new("Alarm", 8),
            new("Role", 7),
            .. IsWide(screen)
                ? new TextColumn[]
                {
                    new("Term", 4, IsRight: true),
                    new("Index", 10, IsRight: true),
                    new("Applied", 10, IsRight: true),
                }
                : [],
        ];
    }

    public static string[] Cells(EtcdMemberStatus status, int screen)
    {
        (int name, int endpoint) = Widths(status, screen);
        return
        [
            Name(status, name),
            .. HasEndpoint(status)
                ? new[] { MemberNames.Cut(Display.Endpoint(status.Endpoint), endpoint) }
                : Array.Empty<string>(),
            .. Figures(status),
            RowText.Alarms(status),
            $"{status.Role}",
            .. IsWide(screen)
                ? new[] { Number(status.RaftTerm), Number(status.RaftIndex), Number(status.RaftAppliedIndex) }
                : Array.Empty<string>(),
        ];
    }

    /// <summary>Returns the name of the member in the given width.</summary>
    public static string Name(EtcdMemberStatus status, int width) =>
        MemberNames.Fit(Display.Member(status), status.Member?.AllNames ?? [], width);

    private static string[] Figures(EtcdMemberStatus status) =>
        status.IsReachable
            ?
            [
                status.Version ?? "",
                Display.Size(status.DbSize),
                Display.Size(status.DbSizeInUse),
                Display.Percent(status.FragmentationRatio),
                UsageBar.Draw(status.QuotaUsedRatio),
            ]
            : ["no reply", "", "", "", ""];

    private static (int Name, int Endpoint) Widths(EtcdMemberStatus status, int screen)
    {
        int room = screen - Margin - FiguresWidth - (IsWide(screen) ? RaftWidth : 0);
        IReadOnlyList<string> all = status.Member?.AllNames ?? [];
        string own = Display.Member(status);
        if (!HasEndpoint(status))
            return (MemberNames.Width(own, all, Math.Max(LeastNameWidth, room)), 0);
        int name = MemberNames.Width(own, all, Math.Max(LeastNameWidth, room - 1 - LeastEndpointWidth));
        int rest = Math.Max(LeastEndpointWidth, room - 1 - Math.Max("Member".Length, name));
        return (name, Math.Min(rest, LongestEndpoint(status) ?? rest));
    }

    /// <summary>Returns null for a row that was stored, which does not know the endpoints of the other rows.</summary>
    private static int? LongestEndpoint(EtcdMemberStatus status) =>
        status.Member is { AllEndpoints: { Count: > 0 } all }
            ? all.Append(status.Endpoint)
                .Max(endpoint => Math.Max("Endpoint".Length, Display.Endpoint(endpoint).Length))
            : null;

    // A pod that does not run has no name in its row, so the connection decides for the whole table.
    private static bool HasEndpoint(EtcdMemberStatus status) =>
        status.PodName is null
        && status.Member?.Connection?.Access is not (EtcdAccess.KubernetesExec or EtcdAccess.KubernetesPortForward);

    private static bool IsWide(int screen) => screen >= WideScreen;

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
