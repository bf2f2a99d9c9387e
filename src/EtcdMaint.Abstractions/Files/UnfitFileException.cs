namespace EtcdMaint;

/// <summary>A file is not a regular file. The message gives the type of the file.</summary>
internal sealed class UnfitFileException(string why) : IOException(why)
{
    public static UnfitFileException Create(FileKind kind) =>
        new(
            $"it is {kind switch
    {
        FileKind.NamedPipe => "a named pipe",
        FileKind.CharacterDevice or FileKind.BlockDevice => "a device",
        FileKind.Folder => "a folder",
        FileKind.SymbolicLink => "a symbolic link",
        FileKind.Socket => "a socket",
        _ => "not a regular file",
    }}"
        );
}
