using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Load;

/// <summary>The effect of an operation on clients that wrote meanwhile.</summary>
/// <param name="Failed">Writes without an acknowledgement.</param>
/// <param name="WithoutProgress">The time in which no writer received an acknowledgement for longer than 0.1 s.</param>
/// <param name="WorstElsewhere">The longest write through a member that was not defragmenting.</param>
/// <param name="WorstOfAll">The longest write through any member.</param>
internal sealed record ClientStalls(
    int Acknowledged,
    IReadOnlyList<WriteAttempt> Failed,
    TimeSpan WithoutProgress,
    TimeSpan WorstElsewhere,
    TimeSpan WorstOfAll
)
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(100);

    public static ClientStalls Of(
        IReadOnlyList<WriteAttempt> attempts,
        DateTimeOffset from,
        DateTimeOffset to,
        IReadOnlyList<Defragmentation> defragmentations
    )
    {
        List<WriteAttempt> during = [.. attempts.Where(a => a.Ended >= from && a.Started <= to)];
        return new ClientStalls(
            during.Count(a => a.Failure is null),
            [.. during.Where(a => a.Failure is not null)],
            Silence(during, from, to),
            Longest(during.Where(a => !defragmentations.Any(d => d.Member == a.Member && Overlap(a, d)))),
            Longest(during)
        );
    }

    private static TimeSpan Silence(List<WriteAttempt> during, DateTimeOffset from, DateTimeOffset to)
    {
        TimeSpan silence = TimeSpan.Zero;
        DateTimeOffset last = from;
        foreach (
            DateTimeOffset acknowledged in during
                .Where(a => a.Failure is null)
                .Select(a => a.Ended < to ? a.Ended : to)
                .Append(to)
                .Order()
        )
        {
            if (acknowledged - last > Noticeable)
                silence += acknowledged - last;
            last = acknowledged > last ? acknowledged : last;
        }
        return silence;
    }

    private static TimeSpan Longest(IEnumerable<WriteAttempt> attempts) =>
        attempts.Select(a => a.Took).DefaultIfEmpty().Max();

    private static bool Overlap(WriteAttempt attempt, Defragmentation run) =>
        attempt.Started < (run.Ended ?? DateTimeOffset.MaxValue) && run.Started < attempt.Ended;
}
