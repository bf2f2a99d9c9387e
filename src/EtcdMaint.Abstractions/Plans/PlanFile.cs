namespace EtcdMaint.Plans;

/// <summary>Reads the file of a plan.</summary>
internal static class PlanFile
{
    /// <summary>More than the plan of 100,000 clusters.</summary>
    private const long LargestFile = 1L << 30;

    /// <param name="path">The full path.</param>
    /// <exception cref="EtcdException">The file cannot be read, or is not an unchanged plan.</exception>
    public static EtcdMaintenancePlan Read(string path)
    {
        try
        {
            // A named pipe or a device could block the read, or never end.
            OutputFile.Resolve(path);
            if (Directory.Exists(path))
                throw UnfitFileException.Create(FileKind.Folder);
            if (!File.Exists(path))
                throw PlanErrors.NotFound(path);
            return new FileInfo(path).Length <= LargestFile
                ? PlanDocument.Parse(File.ReadAllBytes(path), path)
                : throw PlanErrors.Damaged(path, "it is larger than any plan");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw PlanErrors.Unreadable(path, cause);
        }
    }
}
