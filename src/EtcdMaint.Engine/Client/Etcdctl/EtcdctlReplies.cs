using System.Text;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>Maps the messages of etcdctl to the records of the module.</summary>
internal static class EtcdctlReplies
{
    public static MemberListReply MemberList(EtcdctlJson reply) =>
        new(
            Header(reply["header"]),
            [
                .. reply["members"]
                    .Items.Select(m => new MemberEntry(
                        m["ID"].Unsigned,
                        m["name"].Text,
                        [.. m["peerURLs"].Items.Select(u => u.Text)],
                        [.. m["clientURLs"].Items.Select(u => u.Text)],
                        m["isLearner"].IsTrue
                    )),
            ]
        );

    /// <param name="reply">An array with one element, because one endpoint was called.</param>
    public static StatusReply Status(EtcdctlJson reply)
    {
        EtcdctlJson status = reply.Items.Single()["status"];
        string version = status["version"].Text;
        EtcdctlJson downgrade = status["downgradeInfo"];
        return new StatusReply
        {
            Header = Header(status["header"]),
            Version = version,
            StorageVersion = status["storageVersion"].Text is { Length: > 0 } storage ? storage : null,
            DbSize = status["dbSize"].Signed,
            DbSizeInUse = status["dbSizeInUse"].Signed,
            QuotaBytes = BackendQuota.FromStatus(version, status["dbSizeQuota"].Signed),
            Leader = status["leader"].Unsigned,
            RaftTerm = status["raftTerm"].Unsigned,
            RaftIndex = status["raftIndex"].Unsigned,
            RaftAppliedIndex = status["raftAppliedIndex"].Unsigned,
            Errors = [.. status["errors"].Items.Select(e => e.Text)],
            IsLearner = status["isLearner"].IsTrue,
            DowngradeTarget = downgrade["enabled"].IsTrue ? downgrade["targetVersion"].Text : null,
        };
    }

    public static ReplyHeader Header(EtcdctlJson header) =>
        new(
            header["clusterId"].Unsigned,
            header["memberId"].Unsigned,
            header["revision"].Signed,
            header["raftTerm"].Unsigned
        );

    public static IReadOnlyList<ArmedAlarm> Alarms(EtcdctlJson reply) =>
        [.. reply["alarms"].Items.Select(a => new ArmedAlarm(a["memberID"].Unsigned, AlarmType(a["alarm"])))];

    /// <param name="reply">An array with one element, because one endpoint was called.</param>
    public static HashReply Hash(EtcdctlJson reply)
    {
        EtcdctlJson hash = reply.Items.Single()["hashKV"];
        return new HashReply(Header(hash["header"]), (uint)hash["hash"].Unsigned, hash["compactRevision"].Signed);
    }

    public static KeyReply Key(EtcdctlJson reply)
    {
        EtcdctlJson found = reply["kvs"].Items.FirstOrDefault();
        return new KeyReply(Header(reply["header"]), found["value"].Bytes, found["lease"].Signed)
        {
            ModRevision = found["modRevision"].Signed,
        };
    }

    public static KeyListReply Keys(EtcdctlJson reply) =>
        new(
            Header(reply["header"]),
            [
                .. reply["kvs"]
                    .Items.Select(k => new StoredKey(
                        Encoding.UTF8.GetString(k["key"].Bytes ?? []),
                        k["value"].Bytes ?? []
                    )),
            ],
            reply["more"].IsTrue
        );

    public static CreateReply Create(EtcdctlJson reply)
    {
        if (reply["succeeded"].IsTrue)
            return new CreateReply(true, null, 0);
        EtcdctlJson range = reply["responses"].Items.FirstOrDefault()["response"]["responseRange"];
        EtcdctlJson existing = range["kvs"].Items.FirstOrDefault();
        return new CreateReply(false, existing["value"].Bytes, existing["lease"].Signed);
    }

    public static IReadOnlyList<string> Roles(EtcdctlJson reply) => [.. reply["roles"].Items.Select(r => r.Text)];

    private static EtcdAlarmType AlarmType(EtcdctlJson alarm) =>
        alarm.Text switch
        {
            "CORRUPT" => EtcdAlarmType.Corrupt,
            "NOSPACE" => EtcdAlarmType.NoSpace,
            _ => (EtcdAlarmType)alarm.Unsigned,
        };
}
