namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>The hash of a file, cancelled with the test.</summary>
internal static class HashAt
{
    public static uint? Hash(this SnapshotFile file, long revision, long compactRevision) =>
        file.ComputeHash(revision, compactRevision, null, TestContext.Current.CancellationToken);
}
