namespace EtcdMaint.ModulePacker;

/// <summary>A file of a package.</summary>
/// <param name="Path">Its path in the package, with forward slashes.</param>
internal sealed record PackedFile(string Path, byte[] Content)
{
    public static IReadOnlyList<PackedFile> AllIn(string folder) =>
        [
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => new PackedFile(
                    System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/'),
                    File.ReadAllBytes(file)
                )),
        ];

    public PackedFile In(string folder) => this with { Path = $"{folder}/{Path}" };
}
