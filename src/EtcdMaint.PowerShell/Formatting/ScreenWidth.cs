using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace EtcdMaint.Cmdlets;

/// <summary>Provides the width of the screen. A compiled column of a view receives the row, and not the host.</summary>
internal static class ScreenWidth
{
    /// <summary>The width in columns if the host has no screen.</summary>
    public const int Usual = 120;

    /// <summary>The width in columns of the host of the runspace of this thread.</summary>
    public static int Now()
    {
        try
        {
            return FindHost() is { UI.RawUI: { BufferSize.Width: > 0 and int width } } ? width : Usual;
        }
        catch (Exception error) when (error is HostException or NotImplementedException or IOException)
        {
            return Usual;
        }
    }

    // The variable cannot be read directly while a pipeline is running. A nested pipeline can read it in every language
    // mode.
    private static PSHost? FindHost()
    {
        if (Runspace.DefaultRunspace is null)
            return null;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$Host", useLocalScope: true).Invoke().FirstOrDefault()?.BaseObject as PSHost;
    }
}
