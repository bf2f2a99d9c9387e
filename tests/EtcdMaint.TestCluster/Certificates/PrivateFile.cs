namespace EtcdMaint.TestCluster;

/// <summary>Files that only their owner can read.</summary>
internal static class PrivateFile
{
    public static void Write(string file, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(content);
    }

    public static void Write(string file, string content) => Write(file, System.Text.Encoding.ASCII.GetBytes(content));
}
