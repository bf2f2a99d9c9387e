using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>What clients of the other members felt while one stood still.</summary>
/// <param name="WorstStall">The longest that one light read took.</param>
/// <param name="TotalStall">The time that reads slower than 0.1 s took together, on the member that felt it
/// most.</param>
internal sealed record Impact(TimeSpan WorstStall, TimeSpan TotalStall);

/// <summary>Sends a light linearizable read to each of the other members a few times a second.</summary>
internal sealed class StallProbe(ClusterContext context, IEnumerable<ResolvedMember> others)
{
    private readonly ResolvedMember[] _probed = [.. others.Where(o => o.Client is not null && !o.Entry.IsLearner)];

    /// <summary>
    /// Reads once, so that no read that counts waits for a new process to get ready: that would be told as a stall of
    /// the cluster's.
    /// </summary>
    public Task GetReadyAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            _probed.Select(async o =>
            {
                try
                {
                    await o.Client!.ReadAsync(new CallBudget(Limits.Defrag.StallReadyTime, cancellationToken))
                        .ConfigureAwait(false);
                }
                catch (EtcdException)
                {
                    // What it feels is told by the reads that count.
                }
            })
        );

    /// <summary>Probes until <paramref name="over"/>; null where there is no other member.</summary>
    public async Task<Impact?> RunAsync(CancellationToken over)
    {
        Impact[] felt = await Task.WhenAll(_probed.Select(o => ProbeAsync(o.Client!, over))).ConfigureAwait(false);
        return felt.Length == 0 ? null : new Impact(felt.Max(f => f.WorstStall), felt.Max(f => f.TotalStall));
    }

    private async Task<Impact> ProbeAsync(IMemberClient client, CancellationToken over)
    {
        TimeSpan worst = TimeSpan.Zero;
        TimeSpan total = TimeSpan.Zero;
        try
        {
            while (!over.IsCancellationRequested)
            {
                long started = context.Time.GetTimestamp();
                try
                {
                    await client.ReadAsync(new CallBudget(Limits.Defrag.StallReadTime, over)).ConfigureAwait(false);
                }
                catch (EtcdException)
                {
                    // A read that failed has stalled its client for as long as it took.
                }
                finally
                {
                    TimeSpan took = context.Time.GetElapsedTime(started);
                    worst = took > worst ? took : worst;
                    total += took >= Limits.Defrag.NoticeableStall ? took : TimeSpan.Zero;
                }
                await Task.Delay(Limits.Defrag.StallPollInterval, context.Time, over).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
        return new Impact(worst, total);
    }
}
