using EtcdMaint.Engine.Wire;

namespace EtcdMaint.Engine.Clients.Grpc;

/// <summary>Reads etcd's messages into the project's own records.</summary>
internal static class WireReplies
{
    // etcd 3.6.0 to 3.6.5 report 0 when the default applies (etcd-io/etcd#20790).
    private const long DefaultQuota = 2L * 1024 * 1024 * 1024;

    private static readonly Version FirstWithQuota = new(3, 6);

    public static ReplyHeader Read(ResponseHeader? header) => header is null
        ? default
        : new ReplyHeader(header.ClusterId, header.MemberId, header.Revision, header.RaftTerm);

    public static MemberListReply Read(MemberListResponse response) => new(
        Read(response.Header),
        [.. response.Members.Select(m => new MemberEntry(m.ID, m.Name, [.. m.PeerURLs], [.. m.ClientURLs], m.IsLearner))]);

    public static StatusReply Read(StatusResponse response) => new()
    {
        Header = Read(response.Header),
        Version = response.Version,
        StorageVersion = response.StorageVersion.Length > 0 ? response.StorageVersion : null,
        DbSize = response.DbSize,
        DbSizeInUse = response.DbSizeInUse,
        QuotaBytes = Quota(response),
        Leader = response.Leader,
        RaftTerm = response.RaftTerm,
        RaftIndex = response.RaftIndex,
        RaftAppliedIndex = response.RaftAppliedIndex,
        Errors = [.. response.Errors],
        IsLearner = response.IsLearner,
        DowngradeTarget = response.DowngradeInfo is { Enabled: true } downgrade ? downgrade.TargetVersion : null,
    };

    public static IReadOnlyList<ArmedAlarm> Read(AlarmResponse response) =>
        [.. response.Alarms.Select(a => new ArmedAlarm(a.MemberID, (EtcdAlarmType)a.Alarm))];

    public static HashReply Read(HashKVResponse response) => new(
        Read(response.Header), response.Hash, response.CompactRevision, response.HashRevision > 0 ? response.HashRevision : null);

    public static KeyReply ReadKey(RangeResponse response)
    {
        KeyValue? found = response.Kvs.FirstOrDefault();
        return new KeyReply(Read(response.Header), found?.Value.ToByteArray(), found?.CreateRevision ?? 0, found?.Lease ?? 0);
    }

    public static CreateReply ReadCreate(TxnResponse response)
    {
        KeyValue? existing = response.Succeeded ? null : response.Responses.FirstOrDefault()?.ResponseRange?.Kvs.FirstOrDefault();
        return new CreateReply(response.Succeeded, existing?.Value.ToByteArray(), existing?.Lease ?? 0);
    }

    private static long? Quota(StatusResponse response)
    {
        if (response.DbSizeQuota > 0)
            return response.DbSizeQuota;
        string digits = response.Version.Split('-', 2)[0];
        return Version.TryParse(digits, out Version? version) && version >= FirstWithQuota ? DefaultQuota : null;
    }
}
