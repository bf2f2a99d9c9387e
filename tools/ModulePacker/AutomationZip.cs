namespace EtcdMaint.ModulePacker;

/// <summary>
/// The zip that Azure Automation accepts: one folder with the module's name, in a file of that name. Limits:
/// https://learn.microsoft.com/azure/automation/automation-subscription-limits-faq
/// </summary>
internal sealed record AutomationZip(long Size, int LongestPath)
{
    public const long LargestSize = 100_000_000;

    public const int LongestPathAllowed = 139;

    public static AutomationZip Write(string path, string module, IReadOnlyList<PackedFile> files)
    {
        PackedFile[] inFolder = [.. files.Select(file => file.In(module))];
        ReproducibleZip.Write(path, inFolder);
        return new AutomationZip(new FileInfo(path).Length, inFolder.Max(file => file.Path.Length));
    }

    public string? FindProblem() =>
        Size > LargestSize ? $"it has {Size} bytes, more than the limit of {LargestSize}"
        : LongestPath > LongestPathAllowed
            ? $"a path in it has {LongestPath} characters, more than the limit of {LongestPathAllowed}"
        : null;
}
