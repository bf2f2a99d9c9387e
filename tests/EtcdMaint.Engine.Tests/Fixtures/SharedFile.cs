namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// Reads a file that a writer has open, which Windows allows only to a reader that lets others write.
/// </summary>
internal static class SharedFile
{
    public static string ReadAllText(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var text = new StreamReader(file);
        return text.ReadToEnd();
    }
}
