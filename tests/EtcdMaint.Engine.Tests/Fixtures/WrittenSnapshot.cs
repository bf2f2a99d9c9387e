using System.Buffers.Binary;
using System.Text;
using EtcdMaint.Snapshot.Tests.Fixtures;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// A snapshot file with known writes. A key is a string with one character for each byte, because keys can contain
/// every byte.
/// </summary>
internal sealed class WrittenSnapshot : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-written-");
    private readonly BoltBucket _revisions = new();
    private readonly Dictionary<string, (long Created, long Version)> _versions = [];
    private readonly Dictionary<string, int> _live = [];
    private readonly Dictionary<string, (long Revisions, long Bytes)> _dead = [];
    private long _revision = 1;

    public string FolderPath => _folder.FullName;

    public string FilePath => Path.Combine(FolderPath, "etcd.db");

    /// <summary>The bytes of each key that exists, with its value.</summary>
    public IReadOnlyDictionary<string, int> Live => _live;

    /// <summary>The history of each key that has one.</summary>
    public IReadOnlyDictionary<string, (long Revisions, long Bytes)> Dead => _dead;

    public WrittenSnapshot Put(string key, int valueBytes)
    {
        _revision++;
        if (_live.TryGetValue(key, out int before))
            Bury(key, before);
        _live[key] = key.Length + valueBytes;
        (long created, long version) = _versions.GetValueOrDefault(key, (_revision, 0));
        _versions[key] = (created, ++version);
        Store(isTombstone: false, Proto.KeyValue(Bytes(key), created, _revision, version, new byte[valueBytes], 0));
        return this;
    }

    public WrittenSnapshot Delete(string key)
    {
        if (!_live.Remove(key, out int before))
            return this;
        _revision++;
        _versions.Remove(key);
        Bury(key, before);
        Bury(key, key.Length);
        Store(isTombstone: true, Proto.Bytes(1, Bytes(key)));
        return this;
    }

    /// <summary>Writes the file as a server sends it, or as a copy of the database.</summary>
    public string Save(Action<BoltImage>? damage = null, bool hasChecksum = true)
    {
        BoltImage image = new BoltFileBuilder { Random = new Random(1) }
            .With("key", _revisions)
            .With("meta", new BoltBucket().With(Proto.Text("consistent_index"), [0, 0, 0, 0, 0, 0, 0, 9]))
            .Build();
        damage?.Invoke(image);
        File.WriteAllBytes(FilePath, hasChecksum ? image.WithChecksum() : image.Bytes);
        return FilePath;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Bytes(string key) => Encoding.Latin1.GetBytes(key);

    private void Bury(string key, int bytes)
    {
        (long revisions, long all) = _dead.GetValueOrDefault(key);
        _dead[key] = (revisions + 1, all + bytes);
    }

    private void Store(bool isTombstone, byte[] value)
    {
        byte[] key = new byte[isTombstone ? 18 : 17];
        BinaryPrimitives.WriteInt64BigEndian(key, _revision);
        key[8] = (byte)'_';
        if (isTombstone)
            key[17] = (byte)'t';
        _revisions.With(key, value);
    }
}
