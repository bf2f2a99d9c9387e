using System.Management.Automation;
using System.Management.Automation.Language;

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
        && !IsCaptured(cmdlet.MyInvocation);

    /// <summary>
    /// PowerShell does not tell a cmdlet that its output is redirected or assigned. The line of the command shows it.
    /// </summary>
    private static bool IsCaptured(InvocationInfo invocation)
    {
        Ast? command = Parser
            .ParseInput(invocation.Line, out _, out _)
            .Find(node => node is CommandAst && node.Extent.StartOffset == invocation.OffsetInLine - 1, true);
        if (command is CommandAst { Redirections: { } redirections } && redirections.Any(IsOfOutput))
            return true;
        for (; command is not null; command = command.Parent)
            if (command is AssignmentStatementAst or ParenExpressionAst or SubExpressionAst or ArrayExpressionAst)
                return true;
        return false;
    }

    private static bool IsOfOutput(RedirectionAst redirection) =>
        redirection is FileRedirectionAst { FromStream: RedirectionStream.Output or RedirectionStream.All };
}
