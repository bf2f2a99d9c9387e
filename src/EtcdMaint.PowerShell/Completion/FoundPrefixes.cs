using System.Runtime.CompilerServices;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The prefixes that Get-EtcdSpaceUsage found over each connection, so that their completion makes no call.
/// </summary>
internal sealed class FoundPrefixes
{
    /// <summary>Stands for a character that <see cref="PlainText"/> replaced, so no key has this prefix.</summary>
    private const char Replaced = '\uFFFD';

    private readonly ConditionalWeakTable<EtcdConnection, IReadOnlyList<(string Prefix, string Hint)>> _found = [];

    /// <summary>Returns the prefixes in the order of the rows, and an explanation of each.</summary>
    public IReadOnlyList<(string Prefix, string Hint)> Of(EtcdConnection connection) =>
        _found.TryGetValue(connection, out IReadOnlyList<(string, string)>? found) ? found : [];

    /// <summary>
    /// Keeps the prefixes of a result, before those of earlier results that are not below the searched prefix.
    /// </summary>
    /// <param name="connection">The connection to the cluster.</param>
    /// <param name="searched">The prefix that the user specified; empty for all keys.</param>
    /// <param name="rows">The rows. If there are none, the cluster may not have answered, and nothing changes.</param>
    public void Keep(EtcdConnection connection, string searched, IReadOnlyList<EtcdSpaceUsage> rows)
    {
        if (rows.Count == 0)
            return;
        IEnumerable<(string Prefix, string Hint)> earlier = Of(connection)
            .Where(known => !known.Prefix.StartsWith(searched, StringComparison.Ordinal));
        _found.AddOrUpdate(
            connection,
            [
                .. rows.SelectMany(Candidates)
                    .Where(candidate => candidate.Prefix.Length > 0 && !candidate.Prefix.Contains(Replaced))
                    .Concat(earlier)
                    .DistinctBy(candidate => candidate.Prefix),
            ]
        );
    }

    /// <summary>The prefix of the whole resource precedes that of one of its namespaces.</summary>
    private static IEnumerable<(string Prefix, string Hint)> Candidates(EtcdSpaceUsage row)
    {
        string end = $"/{row.Namespace}/";
        if (
            row is { Resource: { } resource, Namespace.Length: > 0 }
            && row.Prefix.EndsWith(end, StringComparison.Ordinal)
        )
            yield return (row.Prefix[..^(end.Length - 1)], $"{resource} of {row.ClusterName}");
        string size = row.Bytes is null ? "" : $", {SpaceLayout.Size(row)}";
        yield return (row.Prefix, $"{row} of {row.ClusterName}: {SpaceLayout.Keys(row.KeyCount)} keys{size}");
    }
}
