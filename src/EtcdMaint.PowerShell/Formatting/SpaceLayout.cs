using System.Globalization;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Fits the table of space usage into the screen. Names that are too long for their columns have a line of their own
/// above the figures of their row, as <c>df</c> shows long devices, because a name that is cut cannot be used.
/// </summary>
internal static class SpaceLayout
{
    /// <summary>The largest number of keys that is shown with separators.</summary>
    private const long MostWithSeparators = 9_999_999;

    private const int KeysWidth = 9;

    private const int SizeWidth = 7;

    private const int ShareWidth = 9;

    private const int RateWidth = 8;

    /// <summary>The width of each column of a snapshot file: its header has this length.</summary>
    private const int HistoryWidth = 9;

    /// <summary>The longest name of a resource that is part of Kubernetes has 46 characters.</summary>
    private const int MostResourceWidth = 48;

    /// <summary>Room for <c>kube-node-lease</c>.</summary>
    private const int LeastNamespaceWidth = 15;

    private const int MostNamespaceWidth = 36;

    private const int LeastResourceWidth = 10;

    private const double LeastRate = 0.1;

    /// <summary>PowerShell leaves the last column of the screen empty.</summary>
    private const int Margin = 1;

    /// <summary>
    /// The columns. All rows of a result begin their figures at the same column, whether they have a resource or only a
    /// prefix. The rate of writes has a column only if it was measured, and history only for a snapshot file.
    /// </summary>
    public static TextTable Table(EtcdSpaceUsage usage, int screen)
    {
        (int resource, int @namespace) = NameWidths(usage, screen);
        return new TextTable(
            screen,
            null,
            [
                .. usage.Resource is null
                    ? new TextColumn[] { new("Prefix", resource + 1 + @namespace) }
                    : [new("Resource", resource), new("Namespace", @namespace)],
                new("Keys", KeysWidth, IsRight: true),
                new("Size", SizeWidth, IsRight: true),
                new("Share", ShareWidth),
                .. usage.WritesPerSecond is null
                    ? Array.Empty<TextColumn>()
                    : [new("Writes/s", RateWidth, IsRight: true)],
                .. usage.DeadBytes is null
                    ? Array.Empty<TextColumn>()
                    : [new("Revisions", HistoryWidth, IsRight: true), new("DeadBytes", HistoryWidth, IsRight: true)],
            ]
        );
    }

    public static string Row(EtcdSpaceUsage usage, int screen)
    {
        TextTable table = Table(usage, screen);
        string[] names = Names(usage);
        return Fits(usage, screen)
            ? table.Row([.. names, .. Figures(usage)])
            : $"{NameLine(names, screen)}\n{table.Row([.. names.Select(_ => ""), .. Figures(usage)])}";
    }

    /// <summary>The resource, or the prefix outside Kubernetes.</summary>
    public static string Name(EtcdSpaceUsage usage) =>
        usage.Resource ?? (usage.Prefix.Length > 0 ? usage.Prefix : "(no prefix)");

    public static string Keys(long count) =>
        count.ToString(count > MostWithSeparators ? "0" : "N0", CultureInfo.InvariantCulture);

    /// <summary>The size, with a tilde if it is an estimate.</summary>
    public static string Size(EtcdSpaceUsage usage) =>
        usage.Bytes is null || usage.BytesAreExact ? Display.Size(usage.Bytes) : $"~{Display.Size(usage.Bytes)}";

    /// <summary>The writes per second; a rate that would be rounded to 0 is shown as less than 0.1.</summary>
    public static string Rate(double? rate) =>
        rate switch
        {
            null => "",
            0 => "0",
            < LeastRate => "<0.1",
            < 10 - (LeastRate / 2) => rate.Value.ToString("0.0", CultureInfo.InvariantCulture),
            _ => rate.Value.ToString("N0", CultureInfo.InvariantCulture),
        };

    private static string[] Figures(EtcdSpaceUsage usage) =>
        [
            Keys(usage.KeyCount),
            Size(usage),
            UsageBar.Draw(usage.Share),
            .. usage.WritesPerSecond is null ? Array.Empty<string>() : [Rate(usage.WritesPerSecond)],
            .. usage.DeadBytes is null
                ? Array.Empty<string>()
                : [Keys(usage.Revisions ?? 0), Display.Size(usage.DeadBytes)],
        ];

    private static string[] Names(EtcdSpaceUsage usage) =>
        usage.Resource is null ? [Name(usage)] : [Name(usage), usage.Namespace ?? ""];

    /// <summary>The names in one line if the screen is wide enough, otherwise in one line each.</summary>
    private static string NameLine(string[] names, int screen)
    {
        string[] present = [.. names.Where(name => name.Length > 0)];
        string line = string.Join(' ', present);
        return line.Length <= screen - Margin ? line : string.Join("\n  ", present);
    }

    private static bool Fits(EtcdSpaceUsage usage, int screen)
    {
        (int resource, int @namespace) = NameWidths(usage, screen);
        string name = Name(usage);
        return string.IsNullOrEmpty(usage.Namespace)
            ? name.Length <= resource + 1 + @namespace
            : name.Length <= resource && usage.Namespace.Length <= @namespace;
    }

    private static (int Resource, int Namespace) NameWidths(EtcdSpaceUsage usage, int screen)
    {
        int figures = 1 + KeysWidth + 1 + SizeWidth + 1 + ShareWidth;
        if (usage.WritesPerSecond is not null)
            figures += 1 + RateWidth;
        if (usage.DeadBytes is not null)
            figures += 2 * (1 + HistoryWidth);
        int room = screen - Margin - figures - 1;
        int @namespace = Math.Clamp(room * 3 / 8, LeastNamespaceWidth, MostNamespaceWidth);
        return (Math.Clamp(room - @namespace, LeastResourceWidth, MostResourceWidth), @namespace);
    }
}
