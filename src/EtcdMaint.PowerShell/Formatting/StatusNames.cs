namespace EtcdMaint.Cmdlets;

/// <summary>
/// Names and endpoints in the status table, cut so that the whole table fits on a screen of 120 columns, and all up to the
/// alarm and the leader on a narrower one; a wider one shows more of them.
/// </summary>
internal static class StatusNames
{
    private const int MemberWidth = 10;

    private const int EndpointWidth = 20;

    private const int NarrowMemberWidth = 7;

    private const int NarrowEndpointWidth = 18;

    /// <summary>A member's name, without a domain when there is no room for it.</summary>
    public static string Member(EtcdMemberStatus status)
    {
        string name = Display.Member(status);
        int room = Room(MemberWidth, NarrowMemberWidth);
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return Cut(name.Length > room && dot > 0 ? name[..dot] : name, room);
    }

    /// <summary>An endpoint without its scheme.</summary>
    public static string Endpoint(EtcdMemberStatus status) =>
        Cut(Display.Endpoint(status.Endpoint), Room(EndpointWidth, NarrowEndpointWidth));

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
