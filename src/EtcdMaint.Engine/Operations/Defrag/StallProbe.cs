using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// The delay of requests to the other members while one member was unavailable, without the delay of the access.
/// </summary>
/// <param name="WorstStall">The longest duration of one light read.</param>
/// <param name="TotalStall">The total duration of the reads that took longer than 0.1 s, on the member with the most
/// delay.</param>
internal sealed record Impact(TimeSpan WorstStall, TimeSpan TotalStall);

/// <summary>Sends a light linearizable read to each of the other members several times per second.</summary>
internal sealed class StallProbe(ClusterContext context, IEnumerable<ResolvedMember> others)
{
    private readonly ResolvedMember[] _probed = [.. others.Where(o => o.Client is not null && !o.Entry.IsLearner)];

    /// <summary>
    /// Reads once, so that no measured read waits until a new process is ready. Otherwise that time would be reported
    /// as a stall of the cluster.
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
                    // The measured reads report the failure.
                }
            })
        );

    /// <summary>Measures until <paramref name="over"/>. Returns null if there is no other member.</summary>
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
                var limit = new CallBudget(Limits.Defrag.StallReadTime, over);
                Task read = client.ReadAsync(limit);
                CallDuration duration = await CallDuration
                    .MeasureAsync(read, client, limit, context.Time)
                    .ConfigureAwait(false);
                TimeSpan stall = duration.ByMember;
                worst = stall > worst ? stall : worst;
                total += stall >= Limits.Defrag.NoticeableStall ? stall : TimeSpan.Zero;
                try
                {
                    await read.ConfigureAwait(false);
                }
                catch (EtcdException)
                {
                    // A failed read has also stalled its client for its duration.
                }
                await Task.Delay(Limits.Defrag.StallPollInterval, context.Time, over).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The defragmentation has ended.
        }
        return new Impact(worst, total);
    }
}
