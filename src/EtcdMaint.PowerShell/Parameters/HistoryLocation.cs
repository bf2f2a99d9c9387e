using System.Management.Automation;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Cmdlets;

/// <summary>Finds the file or folder of <c>-HistoryPath</c>.</summary>
internal static class HistoryLocation
{
    /// <summary>Returns the full path, resolved from the current location.</summary>
    /// <exception cref="EtcdException">The path is not one of the file system.</exception>
    public static string Resolve(SessionState session, string path)
    {
        string full = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.Name == "FileSystem" ? full : throw HistoryErrors.NotAFile(path);
    }

    /// <summary>Returns the history to which the cmdlet appends; null if it appends nothing.</summary>
    /// <exception cref="EtcdException">The history cannot be written.</exception>
    public static HistoryStore? Open(PSCmdlet cmdlet, string? path)
    {
        if (path is null)
            return null;
        bool isPlan = PlanMode.IsOn(cmdlet);
        var history = HistoryStore.At(Resolve(cmdlet.SessionState, path), isPlan);
        return isPlan ? null : history;
    }
}
