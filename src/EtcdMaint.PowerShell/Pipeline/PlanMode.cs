using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

internal static class PlanMode
{
    /// <summary>
    /// Whether <c>-WhatIf</c> applies to the cmdlet, by its own switch or by the preference of the calling script.
    /// </summary>
    public static bool IsOn(PSCmdlet cmdlet) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? bound)
            ? LanguagePrimitives.IsTrue(bound)
            : LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));
}
