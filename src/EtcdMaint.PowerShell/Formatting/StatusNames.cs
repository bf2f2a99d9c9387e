using System.Management.Automation.Host;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Names and endpoints in the status table, cut so that the whole table fits on a screen of 120 columns, and all up to the
/// alarm and the leader on a narrower one; a wider one shows more of them.
/// </summary>
public static class StatusNames
{
    private const int Screen = 120;

    private const int MemberWidth = 10;

    private const int EndpointWidth = 20;

    private const int NarrowMemberWidth = 7;

    private const int NarrowEndpointWidth = 18;

    /// <summary>A member's name, without a domain when there is no room for it.</summary>
    public static string Member(EtcdMemberStatus status, PSHost host)
    {
        string name = Display.Member(status);
        int room = Room(host, MemberWidth, NarrowMemberWidth);
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return Cut(name.Length > room && dot > 0 ? name[..dot] : name, room);
    }

    /// <summary>An endpoint without its scheme.</summary>
    public static string Endpoint(EtcdMemberStatus status, PSHost host)
    {
        ArgumentNullException.ThrowIfNull(status);
        return Cut(Display.Endpoint(status.Endpoint), Room(host, EndpointWidth, NarrowEndpointWidth));
    }

    // Out of the middle: names of one cluster differ at the end, and an endpoint ends with its port.
    private static string Cut(string text, int room)
    {
        if (text.Length <= room)
            return text;
        int tail = room / 2;
        return $"{text[..(room - tail - 1)]}…{text[^tail..]}";
    }

    private static int Room(PSHost? host, int usual, int narrow)
    {
        int spare = Width(host) - Screen;
        return spare < 0 ? narrow : usual + spare / 2;
    }

    private static int Width(PSHost? host)
    {
        try
        {
            return host?.UI?.RawUI is { BufferSize.Width: > 0 and int width } ? width : Screen;
        }
        catch (Exception error) when (error is HostException or NotImplementedException or IOException)
        {
            return Screen; // a host without a screen
        }
    }
}
