namespace EtcdMaint.Snapshot.Content;

/// <summary>
/// The value of a revision: <c>mvccpb.KeyValue</c> (<c>api/mvccpb/kv.proto</c>), with key = 1, create_revision = 2,
/// mod_revision = 3, version = 4, value = 5, lease = 6. A tombstone has the key only. The value may be empty:
/// <c>etcdutl snapshot restore --bump-revision</c> writes such a revision.
/// </summary>
internal ref struct KeyValueRecord
{
    public ReadOnlySpan<byte> Key { get; private set; }

    public long CreateRevision { get; private set; }

    public long ModRevision { get; private set; }

    public long Version { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public long Lease { get; private set; }

    public static bool TryParse(ReadOnlySpan<byte> bytes, out KeyValueRecord record)
    {
        record = default;
        var reader = new ProtoReader(bytes);
        while (reader.MoveNext())
        {
            switch (reader.Field, reader.IsNumber)
            {
                case (1, false):
                    record.Key = reader.Bytes;
                    break;
                case (2, true):
                    record.CreateRevision = (long)reader.Number;
                    break;
                case (3, true):
                    record.ModRevision = (long)reader.Number;
                    break;
                case (4, true):
                    record.Version = (long)reader.Number;
                    break;
                case (5, false):
                    record.Value = reader.Bytes;
                    break;
                case (6, true):
                    record.Lease = (long)reader.Number;
                    break;
                case (>= 1 and <= 6, _):
                    return false;
            }
        }
        return !reader.IsMalformed;
    }
}
