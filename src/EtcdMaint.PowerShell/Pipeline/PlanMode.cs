using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

internal static class PlanMode
{
    /// <summary>
    /// Whether the cmdlet was told <c>-WhatIf</c>, by its own switch or by the preference of the script that calls it.
    /// </summary>
    public static bool IsOn(PSCmdlet cmdlet) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? bound)
            ? LanguagePrimitives.IsTrue(bound)
            : LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));
}
