using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Cmdlets;

/// <summary>Completes the names of the clusters in the history that the command line specifies.</summary>
public sealed class HistoryClusterCompleter : IArgumentCompleter
{
    /// <summary>Bytes of a history up to which a completion reads it.</summary>
    private const long ReadableBytes = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) => Completions.Of(wordToComplete, Find(fakeBoundParameters["HistoryPath"] as string));

    private static IEnumerable<(string Name, string Hint)> Find(string? path)
    {
        if (path is null)
            return [];
        try
        {
            IReadOnlyList<string> files = HistoryStore.Files(System.IO.Path.GetFullPath(path));
            if (files.Sum(file => new FileInfo(file).Length) > ReadableBytes)
                return [];
            return
            [
                .. files
                    .SelectMany(file => HistoryFileReader.Read(file).Records)
                    .GroupBy(record => record.ClusterName)
                    .Select(cluster => (cluster.Key, $"{cluster.Count()} lines"))
                    .OrderBy(cluster => cluster.Key, StringComparer.Ordinal),
            ];
        }
        catch (Exception cause) when (cause is EtcdException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
