using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Whether a person at a terminal sees the output of a cmdlet.</summary>
internal static class HostTerminal
{
    private static readonly string[] Names = ["ConsoleHost", "Visual Studio Code Host"];

    /// <summary>Whether the host of the cmdlet shows text at a terminal.</summary>
    public static bool IsAttached(PSCmdlet cmdlet) => !Console.IsOutputRedirected && Names.Contains(cmdlet.Host?.Name);

    /// <summary>
    /// Whether the rows of the cmdlet go to that terminal, and neither to another cmdlet, nor to a file or a variable.
    /// </summary>
    public static bool ShowsOutputOf(PSCmdlet cmdlet) =>
        IsAttached(cmdlet)
        && cmdlet.Host.UI is { SupportsVirtualTerminal: true }
        && cmdlet.MyInvocation.PipelinePosition == cmdlet.MyInvocation.PipelineLength
        && !CapturedOutput.IsOf(cmdlet);
}
