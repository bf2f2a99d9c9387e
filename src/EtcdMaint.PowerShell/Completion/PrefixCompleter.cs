using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Completes the prefixes that Get-EtcdSpaceUsage found in this runspace, in the clusters that the command line
/// specifies, or in the default cluster. Without these, it completes those of all open connections.
/// </summary>
public sealed class PrefixCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) => Completions.Of(wordToComplete, Find(fakeBoundParameters));

    private static IEnumerable<(string Prefix, string Hint)> Find(IDictionary bound)
    {
        RunspaceConnections state = RunspaceConnections.Current;
        IEnumerable<EtcdConnection> connections =
            BoundConnections.Of(bound) ?? (state.Default is { } chosen ? [chosen] : state.Open);
        return connections.SelectMany(state.Prefixes.Of);
    }
}
