using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace EtcdMaint.Cmdlets;

/// <summary>Completes the endpoints of the connections of this runspace.</summary>
public sealed class EndpointCompleter : IArgumentCompleter
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
            RunspaceConnections
                .Current.Open.Where(connection => connection.Access is EtcdAccess.Endpoint)
                .SelectMany(connection =>
                    connection.Endpoint.Select(endpoint => (endpoint, $"{endpoint} of {connection}"))
                )
        );
}
