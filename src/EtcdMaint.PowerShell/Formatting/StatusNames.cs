namespace EtcdMaint.Cmdlets;

/// <summary>
/// Names and endpoints in the views. Those in the status table are cut so that the whole table fits on a screen of 120
/// columns, and all up to the alarm and the leader on a narrower one; a wider one shows more of them.
/// </summary>
internal static class StatusNames
{
    /// <summary>What the other columns of the table of members take, with the gaps between all of them.</summary>
    private const int MemberTableFixed = 53;

    private const int MemberWidth = 10;

    private const int EndpointWidth = 20;

    private const int NarrowMemberWidth = 7;

    private const int NarrowEndpointWidth = 18;

    /// <summary>
    /// The width of the column Endpoint in the table of members, which shares what is left with ClientUrl.
    /// </summary>
    public static int MemberEndpointRoom => Math.Max(NarrowMemberWidth, (ScreenWidth.Now() - MemberTableFixed) / 2);

    /// <summary>A member's name.</summary>
    public static string Member(EtcdMemberStatus status) =>
        Fit(Display.Member(status), Room(MemberWidth, NarrowMemberWidth));

    /// <summary>
    /// The pod, which alone distinguishes the endpoints of a Kubernetes cluster, or an endpoint without its scheme.
    /// </summary>
    public static string Endpoint(string? endpoint, string? pod)
    {
        int room = Room(EndpointWidth, NarrowEndpointWidth);
        return pod is null ? Cut(Display.Endpoint(endpoint), room) : Fit(pod, room);
    }

    /// <summary>A name, without a domain when there is no room for it.</summary>
    public static string Fit(string name, int room)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return Cut(name.Length > room && dot > 0 ? name[..dot] : name, room);
    }

    // Out of the middle: names of one cluster differ at the end, and an endpoint ends with its port.
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
