using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Tells which resources take most of the database, for a cluster that has too little space. It is additional
/// information, so it is missing if it cannot be read or takes too long.
/// </summary>
internal sealed class LargestResources(ClusterContext context, EtcdConnection connection)
{
    /// <summary>Returns the largest resources with their estimated bytes, or none if they cannot be read.</summary>
    public async Task<IReadOnlyList<EtcdSpaceUsage>> ReadAsync(ClusterState state, CallBudget limit)
    {
        MemberReading[] answered = [.. state.Readings.Where(r => r.Status is not null)];

        // A member of these releases can crash when the time limit ends a call.
        if (Array.Exists(answered, r => VersionHazards.DiesOnEndedRead(r.Status!.Version)))
            return [];
        using var timeout = new CancellationTokenSource(Limits.Space.LargestTime, context.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, limit.Stop);
        ClusterMembership reached = state.ClusterMembership with { Members = [.. answered.Select(r => r.Member)] };
        try
        {
            return await ReadAsync(reached, limit with { Stop = stop.Token }).ConfigureAwait(false);
        }
        catch (EtcdException)
        {
            limit.Stop.ThrowIfCancellationRequested();
            return [];
        }
        catch (OperationCanceledException) when (!limit.Stop.IsCancellationRequested)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<EtcdSpaceUsage>> ReadAsync(ClusterMembership membership, CallBudget limit)
    {
        SpanReader reader = await SpanReader
            .OpenAsync(context, membership, KeySpan.All, SpaceUsageRequest.DefaultMaximumBytesPerSecond, limit)
            .ConfigureAwait(false);
        var discovery = new GroupDiscovery(reader, new KeyLayout(KubernetesResources.Roots, "", 1), (_, _) => { });
        await discovery.RunAsync(KeySpan.All).ConfigureAwait(false);
        await new SizeSampling(reader, context.Random, _ => { })
            .RunAsync(discovery.Resources, Limits.Space.LargestSampleBytes)
            .ConfigureAwait(false);
        return
        [
            .. new SpaceUsageRows(connection.ClusterName, HexId.Format(membership.ClusterId))
                .Of(discovery, null)
                .Where(row => row.Bytes > 0)
                .Take(Limits.Space.LargestCount),
        ];
    }
}
