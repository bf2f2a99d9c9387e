using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Evaluates the script block of <c>-When</c> for one member.</summary>
internal sealed class MemberRule(ScriptBlock script)
{
    /// <summary>Runs on the pipeline thread, with the status as <c>$_</c>.</summary>
    public bool Holds(EtcdMemberStatus status)
    {
        try
        {
            return LanguagePrimitives.IsTrue(script.InvokeWithContext(null, [new PSVariable("_", status)]));
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            throw InputErrors.WhenFailed(status, error);
        }
    }
}
