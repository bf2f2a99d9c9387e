using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace EtcdMaint.Cmdlets;

/// <summary>Provides the width of the screen. A compiled column of a view receives the row, and not the host.</summary>
internal static class ScreenWidth
{
    /// <summary>The width in columns if the host has no screen.</summary>
    public const int Usual = 120;

    /// <summary>
    /// The screen of each runspace. Its host stays the same as long as the runspace exists. The width is read again for
    /// each row, because a window can be resized.
    /// </summary>
    private static readonly ConditionalWeakTable<Runspace, Screen> Screens = [];

    /// <summary>The width in columns of the host of the runspace of this thread.</summary>
    public static int Now()
    {
        try
        {
            return Find() is { Host.UI.RawUI: { BufferSize.Width: > 0 and int width } } ? width : Usual;
        }
        catch (Exception error) when (error is HostException or NotImplementedException or IOException)
        {
            return Usual;
        }
    }

    /// <summary>Returns the header of a table in the colors that PowerShell uses for it.</summary>
    public static string Paint(string header) =>
        Find() is { Host.UI.SupportsVirtualTerminal: true, HeaderStyle: { Length: > 0 } style }
            ? $"{style}{header}\e[0m"
            : header;

    private static Screen? Find()
    {
        if (Runspace.DefaultRunspace is not { } runspace)
            return null;
        if (Screens.TryGetValue(runspace, out Screen? known))
            return known;
        if (Read() is not { } screen)
            return null;
        Screens.AddOrUpdate(runspace, screen);
        return screen;
    }

    // The variables cannot be read directly while a pipeline is running. A nested pipeline can read them in every
    // language mode. It costs more than all other work for a row, so its result is kept.
    private static Screen? Read()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        PSObject[] values =
        [
            .. shell.AddScript("$Host; \"$($PSStyle.Formatting.TableHeader)\"", useLocalScope: true).Invoke(),
        ];
        return values is [{ BaseObject: PSHost host }, var style] ? new Screen(host, style.ToString()) : null;
    }

    private sealed record Screen(PSHost Host, string HeaderStyle);
}
