using System.Runtime.Versioning;

namespace EtcdMaint;

/// <summary>
/// Finds the file to write. The module writes a file under a temporary name and then renames it. A rename would replace
/// a device, a named pipe or a symbolic link with a regular file. Links are therefore followed, so that the rename
/// replaces their target. Everything else that is not a regular file is rejected.
/// </summary>
internal static class OutputFile
{
    /// <summary>The number of consecutive links that Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>Returns the path of a regular file, or of a file that does not exist yet.</summary>
    /// <param name="path">A full path.</param>
    /// <exception cref="UnfitFileException">The path is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">The kernel does not follow the link for this user.</exception>
    public static string Resolve(string path) =>
        OperatingSystem.IsWindows() ? ResolveOnWindows(path) : ResolveOnUnix(path);

    /// <summary>
    /// Writes a file under a temporary name in the same folder, and then renames it. A program that watches the folder
    /// never reads a part of it, and after a failure the previous file remains.
    /// </summary>
    /// <param name="target">A path that <see cref="Resolve"/> returned.</param>
    /// <param name="content">The content.</param>
    /// <param name="mayOverwrite">Whether to replace an existing file.</param>
    /// <param name="mode">The mode of the file; null for that of a new file of this user.</param>
    /// <exception cref="UnfitFileException">The path is no longer a regular file.</exception>
    public static void Write(string target, byte[] content, bool mayOverwrite, UnixFileMode? mode = null)
    {
        string part = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                if (mode is { } wanted && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(file.SafeFileHandle, wanted);
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(part, Resolve(target), mayOverwrite);
        }
        finally
        {
            if (File.Exists(part))
                File.Delete(part);
        }
    }

    /// <summary>.NET resolves no link at a path where nothing exists, and throws instead.</summary>
    private static string ResolveOnWindows(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : path;
    }

    [UnsupportedOSPlatform("windows")]
    private static string ResolveOnUnix(string path)
    {
        // The kernel decides whether this user can follow the link (fs.protected_symlinks). The steps after this one do
        // not check it.
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
    /// Returns the target of a link. Its text is relative to the physical folder of the link. .NET would resolve
    /// <c>..</c> in the path as it is written.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static string Follow(string link, string text)
    {
        string target = Path.Combine(Path.GetDirectoryName(link)!, text);
        return Path.Combine(UnixFile.RealPath(Path.GetDirectoryName(target)!), Path.GetFileName(target));
    }
}
