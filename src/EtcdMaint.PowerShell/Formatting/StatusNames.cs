namespace EtcdMaint.Cmdlets;

/// <summary>
/// Fits names and endpoints into the views. In the status table, they are shortened so that the whole table fits on a
/// screen of 120 columns. On a narrower screen, the columns up to the alarm and the leader fit. A wider screen shows
/// longer names.
/// </summary>
internal static class StatusNames
{
    /// <summary>The width of the other columns in the table of members, with all gaps.</summary>
    private const int MemberTableFixed = 53;

    private const int MemberWidth = 10;

    private const int EndpointWidth = 20;

    private const int NarrowMemberWidth = 7;

    private const int NarrowEndpointWidth = 18;

    /// <summary>
    /// The width of the column Endpoint in the table of members. It shares the remaining width with ClientUrl.
    /// </summary>
    public static int MemberEndpointRoom => Math.Max(NarrowMemberWidth, (ScreenWidth.Now() - MemberTableFixed) / 2);

    /// <summary>Returns the name of a member.</summary>
    public static string Member(EtcdMemberStatus status) =>
        Fit(Display.Member(status), Room(MemberWidth, NarrowMemberWidth));

    /// <summary>
    /// Returns the pod, because only the pod distinguishes the endpoints of a Kubernetes cluster, or the endpoint
    /// without its scheme.
    /// </summary>
    public static string Endpoint(string? endpoint, string? pod)
    {
        int room = Room(EndpointWidth, NarrowEndpointWidth);
        return pod is null ? Cut(Display.Endpoint(endpoint), room) : Fit(pod, room);
    }

    /// <summary>Returns a name, without its domain if there is no space for it.</summary>
    public static string Fit(string name, int room)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return Cut(name.Length > room && dot > 0 ? name[..dot] : name, room);
    }

    // Shortens the text in the middle, because the names in one cluster differ at the end, and an endpoint ends with
    // its port.
    private static string Cut(string text, int room)
    {
        if (text.Length <= room)
            return text;
        int tail = room / 2;
        return $"{text[..(room - tail - 1)]}…{text[^tail..]}";
    }

    private static int Room(int usual, int narrow)
    {
        int spare = ScreenWidth.Now() - ScreenWidth.Usual;
        return spare < 0 ? narrow : usual + spare / 2;
    }
}
