using System.Globalization;
using System.Runtime.CompilerServices;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>Streams the database of one member to a file, verifies it, and only then gives the file its name.</summary>
internal sealed class SnapshotSaving(
    ClusterContext context,
    EtcdConnection connection,
    SnapshotRequest request,
    IRunObserver observer
)
{
    public async Task<EtcdSnapshot?> RunAsync(CancellationToken cancellationToken)
    {
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        ClusterMembership membership = await context.DiscoverAsync(limit).ConfigureAwait(false);
        MemberReading source = await ChooseAsync(membership, limit).ConfigureAwait(false);
        string planned = ResolvePath(context.Time.GetUtcNow(), source.Status!.Header.Revision);
        if (
            !await observer
                .ConfirmAsync(
                    $"Save a snapshot of {source.Member} ({ByteText.Of(source.Status.DbSize)}) to {planned}",
                    connection.ClusterName
                )
                .ConfigureAwait(false)
        )
            return null;

        var snapshotLock = new SnapshotLock(context, connection.ClusterName, request.MayWait, observer);
        RunLock held = await snapshotLock
            .TakeAsync(membership, source.Status.Leader != 0, cancellationToken)
            .ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = held.ConfigureAwait(false);
        if (snapshotLock.HasWaited)
        {
            membership = await context.DiscoverAsync(limit).ConfigureAwait(false);
            source = await ChooseAsync(membership, limit).ConfigureAwait(false);
        }
        EtcdSnapshot saved = await SaveAsync(membership, source, limit).ConfigureAwait(false);
        return request.Prove ? await ProveAsync(saved, limit).ConfigureAwait(false) : saved;
    }

    /// <summary>
    /// Reads the file from the disk, and compares it with the members, while the lock is held. A file that is not
    /// proven remains, because it may be the only backup.
    /// </summary>
    private async Task<EtcdSnapshot> ProveAsync(EtcdSnapshot saved, CallBudget limit)
    {
        try
        {
            EtcdSnapshotReport report = await SnapshotTester
                .TestAsync(saved.Path, context, connection, observer, limit)
                .ConfigureAwait(false);
            foreach (EtcdFinding finding in report.Finding)
                observer.LogVerbose(finding.ToString());
            return saved.Proven(report.IsProven ? null : SnapshotErrors.Unproven(report));
        }
        catch (EtcdException failed)
        {
            return saved.Proven(SnapshotErrors.Unproven(saved.Path, failed.Message));
        }
    }

    /// <summary>
    /// Reads the revision for the file and its name only now, because the lock itself may have been a write.
    /// </summary>
    private async Task<EtcdSnapshot> SaveAsync(ClusterMembership membership, MemberReading source, CallBudget limit)
    {
        long revision = await CatchUpAsync(source, limit).ConfigureAwait(false);
        DateTimeOffset takenAt = context.Time.GetUtcNow();
        string path = ResolvePath(takenAt, revision);
        long started = context.Time.GetTimestamp();
        SnapshotWriter file = await StreamAsync(source, path, limit).ConfigureAwait(false);
        EtcdMember member = new RecordMapper(connection).Member(membership, source.Member);
        return new EtcdSnapshot
        {
            ClusterName = member.ClusterName,
            ClusterId = member.ClusterId,
            MemberId = member.MemberId,
            MemberName = member.MemberName,
            Path = path,
            SizeBytes = file.Size,
            Revision = revision,
            Sha256 = file.Sha256,
            TakenAt = takenAt,
            Duration = context.Time.GetElapsedTime(started),
            Member = member,
        };
    }

    private string ResolvePath(DateTimeOffset takenAt, long revision) =>
        SnapshotPath.Resolve(request.Path, connection.ClusterName, takenAt, revision, request.Force);

    /// <summary>
    /// Waits until the member has applied all entries. A follower may be some entries behind. A linearizable read
    /// returns after the member has applied all entries that were committed before, so the snapshot contains every
    /// confirmed write. Without a quorum, such a read is not possible, and a snapshot is then most important.
    /// </summary>
    private async Task<long> CatchUpAsync(MemberReading source, CallBudget limit)
    {
        string why = "it has no leader";
        try
        {
            if (source.Status!.Leader != 0)
                return (
                    await source
                        .Member.Client!.ReadAsync(limit.AtMost(Limits.Snapshots.CatchUpTime))
                        .ConfigureAwait(false)
                ).Revision;
        }
        catch (EtcdException failed)
        {
            why = failed.Message.TrimEnd('.');
        }
        observer.Warn(
            $"SnapshotMayLag: {source.Member} may be behind the cluster, so the snapshot may miss the "
                + $"newest writes: {why}."
        );
        return source.Status!.Header.Revision;
    }

    private async Task<SnapshotWriter> StreamAsync(MemberReading source, string path, CallBudget limit)
    {
        string activity = $"Saving a snapshot of {connection.ClusterName}";
        long reported = context.Time.GetTimestamp();
        var file = new SnapshotWriter(path, request.Force);
        await using ConfiguredAsyncDisposable _ = file.ConfigureAwait(false);
        await foreach (SnapshotPiece piece in source.Member.Client!.StreamSnapshotAsync(limit).ConfigureAwait(false))
        {
            await file.WriteAsync(piece.Bytes, limit.Stop).ConfigureAwait(false);
            if (context.Time.GetElapsedTime(reported) < Limits.Snapshots.ProgressInterval)
                continue;
            reported = context.Time.GetTimestamp();
            observer.Report(
                new RunProgress(activity, ByteText.Of(file.Size), (double)file.Size / (file.Size + piece.Remaining))
            );
        }
        file.Complete(source.Member.Client.Place);
        observer.Report(new RunProgress(activity, "done", 1, IsOver: true));
        return file;
    }

    /// <summary>
    /// Selects the follower that has applied the most entries, to avoid additional load on the leader.
    /// </summary>
    private async Task<MemberReading> ChooseAsync(ClusterMembership membership, CallBudget limit)
    {
        MemberReading[] readings = await context.ReadAsync(membership.Voters, limit).ConfigureAwait(false);
        return readings
                .Where(r => r.Status is not null)
                .OrderBy(r => r.Status!.Leader == r.Id)
                .ThenByDescending(r => r.Status!.RaftAppliedIndex)
                .FirstOrDefault()
            ?? throw readings[0].Failure!;
    }
}
