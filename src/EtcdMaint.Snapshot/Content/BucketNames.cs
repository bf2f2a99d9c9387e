namespace EtcdMaint.Snapshot.Content;

/// <summary>
/// The buckets of etcd and their single entries. Source: <c>server/storage/schema/bucket.go</c>; in 3.4
/// <c>mvcc/kvstore.go</c>, <c>etcdserver/api/membership/store.go</c>, <c>auth/store.go</c>.
/// </summary>
internal static class BucketNames
{
    public const string Key = "key";

    public const string Meta = "meta";

    public const string Lease = "lease";

    public const string Alarm = "alarm";

    public const string Cluster = "cluster";

    public const string Members = "members";

    public const string MembersRemoved = "members_removed";

    public const string Auth = "auth";

    public const string AuthUsers = "authUsers";

    public const string AuthRoles = "authRoles";
}
