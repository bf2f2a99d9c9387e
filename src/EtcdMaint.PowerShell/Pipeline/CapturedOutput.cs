using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Whether another command, a file or a variable receives the rows of a cmdlet. PowerShell does not tell a cmdlet that,
/// so the text of the script shows it, and that of each script, function and script block around it.
/// </summary>
internal static class CapturedOutput
{
    public static bool IsOf(PSCmdlet cmdlet)
    {
        InvocationInfo call = cmdlet.MyInvocation;
        foreach (CallStackFrame caller in Runspace.DefaultRunspace.Debugger.GetCallStack())
        {
            if (IsCaptured(call, caller.Position.StartScriptPosition.GetFullScript() ?? ""))
                return true;
            call = caller.InvocationInfo;
        }
        return false;
    }

    /// <summary>A block that a cmdlet runs has no position. The text around the block shows its pipeline.</summary>
    private static bool IsCaptured(InvocationInfo call, string script) =>
        Parser.ParseInput(script, out _, out _).Find(node => IsPlaceOf(call, node), searchNestedScriptBlocks: true)
            is { } command
        && IsCaptured(command);

    private static bool IsPlaceOf(InvocationInfo call, Ast node) =>
        node is CommandAst { Extent: var extent }
        && extent.StartLineNumber == call.ScriptLineNumber
        && extent.StartColumnNumber == call.OffsetInLine;

    private static bool IsCaptured(Ast node) =>
        IsRedirected(node)
        || node.Parent switch
        {
            null or FunctionDefinitionAst => false,
            AssignmentStatementAst or ParenExpressionAst or SubExpressionAst or ArrayExpressionAst or HashtableAst =>
                true,
            PipelineAst pipeline => pipeline.PipelineElements[^1] != node || IsCaptured(pipeline),
            // A block that is not an argument of a command runs elsewhere.
            ScriptBlockExpressionAst block => block.Parent is CommandAst command && IsCaptured(command),
            // A condition, and not the block after it.
            IfStatementAst or LabeledStatementAst when node is not StatementBlockAst => true,
            var parent => IsCaptured(parent),
        };

    private static bool IsRedirected(Ast node) =>
        node is CommandAst { Redirections: var redirections }
        && redirections.Any(redirection =>
            redirection is FileRedirectionAst { FromStream: RedirectionStream.Output or RedirectionStream.All }
        );
}
