using EtcdMaint.Engine.Wire;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>Maps the messages of etcd to the records of the module.</summary>
internal static class ReplyMapper
{
    public static ReplyHeader Read(ResponseHeader? header) =>
        header is null ? default : new ReplyHeader(header.ClusterId, header.MemberId, header.Revision, header.RaftTerm);

    public static MemberListReply Read(MemberListResponse response) =>
        new(
            Read(response.Header),
            [
                .. response.Members.Select(m => new MemberEntry(
                    m.ID,
                    m.Name,
                    [.. m.PeerURLs],
                    [.. m.ClientURLs],
                    m.IsLearner
                )),
            ]
        );

    public static StatusReply Read(StatusResponse response) =>
        new()
        {
            Header = Read(response.Header),
            Version = response.Version,
            StorageVersion = response.StorageVersion.Length > 0 ? response.StorageVersion : null,
            DbSize = response.DbSize,
            DbSizeInUse = response.DbSizeInUse,
            QuotaBytes = BackendQuota.FromStatus(response.Version, response.DbSizeQuota),
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

    public static HashReply Read(HashKVResponse response) =>
        new(Read(response.Header), response.Hash, response.CompactRevision);

    public static KeyReply ReadKey(RangeResponse response)
    {
        KeyValue? found = response.Kvs.FirstOrDefault();
        return new KeyReply(Read(response.Header), found?.Value.ToByteArray(), found?.Lease ?? 0)
        {
            ModRevision = found?.ModRevision ?? 0,
        };
    }

    public static KeyListReply ReadKeys(RangeResponse response) =>
        new(
            Read(response.Header),
            [.. response.Kvs.Select(k => new StoredKey(k.Key.ToStringUtf8(), k.Value.ToByteArray()))],
            response.More
        );

    public static CreateReply ReadCreate(TxnResponse response)
    {
        KeyValue? existing = response.Succeeded
            ? null
            : response.Responses.FirstOrDefault()?.ResponseRange?.Kvs.FirstOrDefault();
        return new CreateReply(response.Succeeded, existing?.Value.ToByteArray(), existing?.Lease ?? 0);
    }
}
