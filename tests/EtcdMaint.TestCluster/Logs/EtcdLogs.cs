using System.Text.Json;

namespace EtcdMaint.TestCluster;

/// <summary>The defragmentations and leadership transfers in the members' own logs.</summary>
public static class EtcdLogs
{
    // The same messages in 3.4, 3.5 and 3.6: etcdserver/api/v3rpc/maintenance.go.
    private const string Started = "starting defragment";
    private const string Finished = "finished defragment";
    private const string Failed = "failed to defragment";
    private const string ServerStarted = "starting an etcd server";

    // etcdserver/server.go, written by the leader that transferred its role.
    private const string HandedOver = "leadership transfer finished";

    /// <summary>The defragmentations of all members, ordered by their start.</summary>
    public static IReadOnlyList<Defragmentation> Defragmentations(TestEtcdCluster cluster) =>
        [
            .. cluster
                .Members.SelectMany(member => Defragmentations(member.Name, member.ReadLog()))
                .OrderBy(run => run.Started),
        ];

    /// <summary>How often leadership was transferred on request.</summary>
    public static int LeaderMoves(TestEtcdCluster cluster) =>
        cluster.Members.Sum(member =>
            member.ReadLog().Split('\n').Count(line => line.Contains(HandedOver, StringComparison.Ordinal))
        );

    /// <summary>Pairs of defragmentations, of one member or two, that ran at the same time.</summary>
    public static IReadOnlyList<(Defragmentation First, Defragmentation Second)> Overlaps(
        IReadOnlyList<Defragmentation> runs
    ) =>
        [
            .. runs.SelectMany(
                (first, index) => runs.Skip(index + 1).Where(first.Overlaps).Select(second => (first, second))
            ),
        ];

    internal static IReadOnlyList<Defragmentation> Defragmentations(string member, string log)
    {
        var runs = new List<Defragmentation>();
        // A member processes its requests in order, so the end belongs to the oldest start.
        var open = new Queue<int>();
        foreach (var (time, message) in Lines(log))
        {
            switch (message)
            {
                case ServerStarted:
                    // The process that executed them has ended.
                    while (open.TryDequeue(out var cut))
                        runs[cut] = runs[cut] with { Ended = time };
                    break;
                case Started:
                    open.Enqueue(runs.Count);
                    runs.Add(new Defragmentation(member, time, null, DefragmentationEnd.Unknown));
                    break;
                case Finished or Failed when open.TryDequeue(out var index):
                    var end = message == Finished ? DefragmentationEnd.Finished : DefragmentationEnd.Failed;
                    runs[index] = runs[index] with { Ended = time, End = end };
                    break;
            }
        }
        return runs;
    }

    private static IEnumerable<(DateTimeOffset Time, string Message)> Lines(string log)
    {
        // Searching for the few messages first avoids parsing thousands of other lines. The last part is empty, or a
        // line that is still being written.
        var lines = log.Split('\n')
            .SkipLast(1)
            .Where(line =>
                line.StartsWith('{')
                && (
                    line.Contains("defragment", StringComparison.Ordinal)
                    || line.Contains(ServerStarted, StringComparison.Ordinal)
                )
            );
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            yield return (
                json.RootElement.GetProperty("ts").GetDateTimeOffset(),
                json.RootElement.GetProperty("msg").GetString()!
            );
        }
    }
}
