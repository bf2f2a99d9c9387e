using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>Tells what fills the database of a cluster, and who writes it.</summary>
internal sealed class SpaceUsageRun(
    ClusterContext context,
    EtcdConnection connection,
    SpaceUsageRequest request,
    IRunObserver observer
)
{
    private readonly string _activity = $"Reading the space usage of {connection.ClusterName}";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        string prefix = KeySpan.Key(request.Prefix);
        KeySpan span = KeySpan.OfPrefix(prefix);
        ClusterMembership membership = await context.DiscoverAsync(limit).ConfigureAwait(false);
        SpanReader reader = await SpanReader
            .OpenAsync(context, membership, span, request.MaximumBytesPerSecond, limit)
            .ConfigureAwait(false);
        WriteSample? writes =
            request.SampleTime > TimeSpan.Zero
                ? new WriteSample(Watchable(reader), context.Time, request.SampleTime)
                : null;
        var layout = new KeyLayout(KubernetesResources.Roots, prefix, request.Depth);
        var discovery = new GroupDiscovery(reader, layout, ReportCounts);
        var rows = new SpaceUsageRows(connection.ClusterName, HexId.Format(membership.ClusterId));
        bool isComplete = false;
        try
        {
            await discovery.RunAsync(span).ConfigureAwait(false);
            await MeasureAsync(reader, discovery, writes, span, limit).ConfigureAwait(false);
            isComplete = true;
        }
        finally
        {
            observer.Report(new RunProgress(_activity, "done", 1, IsOver: true));
            observer.LogVerbose(
                $"{connection.ClusterName}: the keys of revision {reader.Revision} were read from "
                    + $"{string.Join(", ", reader.Members)}"
                    + $"{(reader.HasMoved ? ", and others at older revisions" : "")}."
            );
            // After a failure or Ctrl+C, the user still sees what was found before.
            if (isComplete || discovery.Groups.Count > 0)
                Emit(rows.Of(discovery, writes));
        }
    }

    private void Emit(IReadOnlyList<EtcdSpaceUsage> rows)
    {
        foreach (EtcdSpaceUsage row in rows)
            observer.Emit(row);
        if (rows.Count > 0)
            observer.Inform($"{connection.ClusterName}: {SpaceUsageTotal.Of(rows)}.");
        else
            observer.Warn($"PrefixMatchesNothing: {NothingFound()}");
    }

    /// <summary>
    /// Measures the groups and watches who writes, at the same time. The watch needs the groups, because they tell to
    /// which one a key belongs.
    /// </summary>
    private async Task MeasureAsync(
        SpanReader reader,
        GroupDiscovery discovery,
        WriteSample? writes,
        KeySpan span,
        CallBudget limit
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        Task watching =
            writes?.RunAsync(span, discovery.GroupOf, limit with { Stop = end.Token }) ?? Task.CompletedTask;
        try
        {
            await MeasureAsync(reader, discovery).ConfigureAwait(false);
            await FollowAsync(watching, writes).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task MeasureAsync(SpanReader reader, GroupDiscovery discovery)
    {
        if (request.CountOnly || discovery.Groups.Count == 0)
            return;
        if (request.Exact || reader.DbSizeInUse <= Limits.Space.SmallDatabase)
        {
            await new ExactSizes(reader, ReportSizes).RunAsync(discovery.Groups).ConfigureAwait(false);
            return;
        }
        await new SizeSampling(reader, context.Random, ReportSizes)
            .RunAsync(
                discovery.Resources,
                (long)
                    Math.Clamp(
                        (reader.DbSizeInUse ?? 0) * Limits.Space.SampleShare,
                        Limits.Space.MinimumSampleBytes,
                        Limits.Space.MaximumSampleBytes
                    )
            )
            .ConfigureAwait(false);
    }

    /// <summary>Shows the largest writers until the watch ends.</summary>
    private async Task FollowAsync(Task watching, WriteSample? writes)
    {
        while (writes is not null && !watching.IsCompleted)
        {
            await Task.WhenAny(watching, Task.Delay(Limits.Space.ProgressInterval, context.Time)).ConfigureAwait(false);
            TimeSpan watched = writes.Watched;
            string largest = string.Join(
                ", ",
                writes
                    .Groups.Take(3)
                    .Select(g => $"{KeySpan.Text(g.Prefix)} {g.Writes / Math.Max(1, watched.TotalSeconds):N0}/s")
            );
            observer.Report(
                new RunProgress(
                    _activity,
                    largest.Length > 0 ? $"writes: {largest}" : "no writes yet",
                    Math.Min(1, watched / request.SampleTime),
                    request.SampleTime - watched
                )
            );
        }
        await watching.ConfigureAwait(false);
    }

    /// <summary>A watch needs gRPC, and nothing is read if it is not possible.</summary>
    private static ResolvedMember[] Watchable(SpanReader reader)
    {
        ResolvedMember[] able = [.. reader.Members.Where(member => member.Client!.CanWatch)];
        return able.Length > 0
            ? able
            : throw MemberCallException.Create(
                CallFailure.NotSupportedHere,
                reader.Members[0].Client!.Place,
                "etcdctl cannot report the writes of all keys"
            );
    }

    private void ReportCounts(long done, long total) =>
        observer.Report(new RunProgress(_activity, $"{done:N0} of {total:N0} keys counted", Ratio(done, total)));

    private void ReportSizes(double fraction) =>
        observer.Report(new RunProgress(_activity, "measuring values", Math.Min(1, fraction)));

    private static double? Ratio(long done, long total) => total > 0 ? Math.Min(1, (double)done / total) : null;

    private string NothingFound() =>
        request.Prefix.Length > 0
            ? $"No key of {connection.ClusterName} begins with '{request.Prefix}'."
            : $"{connection.ClusterName} has no keys.";
}
