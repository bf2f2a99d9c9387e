using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Completes the members of the cluster that the command line specifies, or of the default connection. It never makes a
/// connection. If the cluster does not answer immediately, it completes nothing.
/// </summary>
public abstract class MemberCompleter : IArgumentCompleter
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) => Completions.Of(wordToComplete, Members(fakeBoundParameters).Select(member => (Text(member), Hint(member))));

    private protected abstract string Text(EtcdMember member);

    private static IEnumerable<EtcdMember> Members(IDictionary bound)
    {
        EtcdConnection[] connections =
            BoundConnections.Of(bound) ?? [.. new[] { RunspaceConnections.Current.Default }.OfType<EtcdConnection>()];
        try
        {
            using var deadline = new CancellationTokenSource(GiveUpAfter);
            var reads = connections
                .Where(connection => connection.IsOpen)
                .Select(connection =>
                    Task.Run(() =>
                        connection.Cluster.GetMembersAsync(GiveUpAfter, SilentObserver.Instance, deadline.Token)
                    )
                )
                .ToArray();
            Task.WaitAll(reads, GiveUpAfter);
            return reads.Where(read => read.IsCompletedSuccessfully).SelectMany(read => read.Result);
        }
        catch (AggregateException)
        {
            return [];
        }
    }

    private static string Hint(EtcdMember member) =>
        $"{member} ({member.MemberId}) at {member.Endpoint ?? "no known endpoint"}";
}
