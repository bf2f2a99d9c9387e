using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace EtcdMaint.Cmdlets;

/// <summary>Completes the names of the clusters to which this runspace is connected.</summary>
public sealed class ClusterNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) =>
        Completions.Of(
            wordToComplete,
            RunspaceConnections.Current.Open.Select(connection =>
                (connection.ClusterName, $"{connection.ClusterName} at {string.Join(", ", connection.Endpoint)}")
            )
        );
}
