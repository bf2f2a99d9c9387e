namespace EtcdMaint;

/// <summary>What the operating system reports about a file.</summary>
/// <param name="Kind">The type of the file.</param>
/// <param name="Links">The number of its names.</param>
/// <param name="Owner">The ID of its owner.</param>
/// <param name="Device">The file system that contains it.</param>
/// <param name="Inode">Its number in that file system.</param>
internal sealed record FileFacts(FileKind Kind, long Links, uint Owner, ulong Device, ulong Inode)
{
    /// <summary>Whether both are the same file, regardless of its name.</summary>
    public bool IsSameFile(FileFacts? other) => other is not null && (Device, Inode) == (other.Device, other.Inode);
}

/// <summary>The types of files, by the values of their mode (POSIX <c>S_IFMT</c>).</summary>
internal enum FileKind
{
    NamedPipe = 0x1000,

    CharacterDevice = 0x2000,

    Folder = 0x4000,

    BlockDevice = 0x6000,

    Regular = 0x8000,

    SymbolicLink = 0xA000,

    Socket = 0xC000,
}
