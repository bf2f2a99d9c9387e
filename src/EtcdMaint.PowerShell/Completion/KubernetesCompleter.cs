using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Completes names from the kubeconfig and context that the command line specifies, or from those of kubectl. If the
/// names are not available immediately, it completes nothing.
/// </summary>
public abstract class KubernetesCompleter : IArgumentCompleter
{
    private static readonly TimeSpan NetworkLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>Longer than the limit of the network call, because the first completion also loads libraries.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) => Completions.Of(wordToComplete, Names(fakeBoundParameters).Select(name => (name, $"{Kind} {name}")));

    private protected abstract KubernetesKind Kind { get; }

    private IReadOnlyList<string> Names(IDictionary bound)
    {
        try
        {
            PathIntrinsics prompt = Prompt();
            var request = new KubernetesConnectRequest
            {
                KubeConfig = Text(bound, nameof(ConnectEtcdClusterCommand.KubeConfig)) is { } path
                    ? prompt.GetUnresolvedProviderPathFromPSPath(path)
                    : null,
                ListedKubeConfigs = KubeConfigVariable.Files(prompt),
                Context = Text(bound, nameof(ConnectEtcdClusterCommand.Context)),
                Namespace = Text(bound, nameof(ConnectEtcdClusterCommand.Namespace)),
                LabelSelector = Text(bound, nameof(ConnectEtcdClusterCommand.LabelSelector)),
                CallTimeout = NetworkLimit,
            };
            using var deadline = new CancellationTokenSource(GiveUpAfter);
            Task<IReadOnlyList<string>> read = Task.Run(() =>
                EngineSource.Engine.ListKubernetesNamesAsync(Kind, request, deadline.Token)
            );
            return read.Wait(GiveUpAfter) ? read.Result : [];
        }
        catch (Exception error) when (error is AggregateException or RuntimeException)
        {
            return [];
        }
    }

    private static string? Text(IDictionary? bound, string parameter) =>
        bound?[parameter] is { } value && LanguagePrimitives.ConvertTo<string>(value) is { Length: > 0 } text
            ? text
            : null;

    /// <summary>The location of the prompt, which differs from the current folder of this process.</summary>
    private static PathIntrinsics Prompt() =>
        (PathIntrinsics)ScriptBlock.Create("$ExecutionContext.SessionState.Path").Invoke()[0].BaseObject;
}
