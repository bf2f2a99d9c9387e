using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>Reads a snapshot file, and compares it with the members of a cluster.</summary>
internal static class SnapshotTester
{
    /// <exception cref="EtcdException">The file cannot be opened.</exception>
    public static async Task<EtcdSnapshotReport> TestAsync(
        string path,
        TimeProvider time,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset checkedAt = time.GetUtcNow();
        using ScannedSnapshot snapshot = await ScannedSnapshot
            .ReadAsync(path, observer, cancellationToken)
            .ConfigureAwait(false);
        return snapshot.ToReport(checkedAt);
    }

    /// <exception cref="EtcdException">The file cannot be opened.</exception>
    public static async Task<EtcdSnapshotReport> TestAsync(
        string path,
        ClusterContext context,
        EtcdConnection connection,
        IRunObserver observer,
        CallBudget limit
    )
    {
        DateTimeOffset checkedAt = context.Time.GetUtcNow();
        using ScannedSnapshot snapshot = await ScannedSnapshot
            .ReadAsync(path, observer, limit.Stop)
            .ConfigureAwait(false);
        return await new SnapshotComparison(context, connection, snapshot, observer)
            .CompareAsync(snapshot.ToReport(checkedAt), limit)
            .ConfigureAwait(false);
    }
}
