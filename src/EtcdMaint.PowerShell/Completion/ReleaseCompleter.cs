using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace EtcdMaint.Cmdlets;

/// <summary>Completes the minor releases of etcd to which a cluster can be upgraded, the newest first.</summary>
public sealed class ReleaseCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) => Completions.Of(wordToComplete, UpgradeTarget.Known.Reverse().Select(release => (release, $"etcd {release}")));
}
