using System.Runtime.Versioning;

namespace EtcdMaint;

/// <summary>
/// Finds the file to write. A file is written under another name first and then renamed, and a rename puts a regular
/// file in the place of a device, a named pipe or a symbolic link. Links are followed, so that the rename replaces
/// their target; everything else that is not a regular file is refused.
/// </summary>
internal static class OutputFile
{
    /// <summary>As many links in a row as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>The path of a regular file, or of one that does not exist yet.</summary>
    /// <param name="path">A full path.</param>
    /// <exception cref="UnfitFileException">Something else is there.</exception>
    /// <exception cref="UnauthorizedAccessException">The kernel does not follow the link for this user.</exception>
    public static string Resolve(string path) =>
        OperatingSystem.IsWindows()
            ? new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path
            : ResolveOnUnix(path);

    [UnsupportedOSPlatform("windows")]
    private static string ResolveOnUnix(string path)
    {
        // The kernel decides whether this user may follow the link (fs.protected_symlinks); what comes after would not
        // ask.
        FileFacts? target = UnixFile.Find(path, followLink: true);
        if (target is { Kind: not FileKind.Regular })
            throw UnfitFileException.Create(target.Kind);
        for (int links = 0; new FileInfo(path).LinkTarget is { } text; links++)
        {
            if (links == MostLinks)
                throw UnfitFileException.Create(FileKind.SymbolicLink);
            path = Follow(path, text);
        }
        return path;
    }

    /// <summary>
    /// Where a link leads. Its text counts from the folder in which the link really lies; .NET would take <c>..</c> off
    /// the path as it is written.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static string Follow(string link, string text)
    {
        string target = Path.Combine(Path.GetDirectoryName(link)!, text);
        return Path.Combine(UnixFile.RealPath(Path.GetDirectoryName(target)!), Path.GetFileName(target));
    }
}
