using System.Collections;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Finds the connections that a command line specifies while the user types it.</summary>
internal static class BoundConnections
{
    /// <returns>Null if there is none.</returns>
    public static EtcdConnection[]? Of(IDictionary? bound) =>
        LanguagePrimitives.TryConvertTo(bound?["Connection"], out EtcdConnection[] connections)
        && connections is { Length: > 0 }
            ? connections
            : null;
}
