namespace EtcdMaint.SizeHistory;

/// <summary>Reads the lines of a file of a history.</summary>
internal static class HistoryFileReader
{
    /// <summary>Returns the lines that can be read, and the number of the others.</summary>
    /// <exception cref="EtcdException">The file cannot be read.</exception>
    public static (IReadOnlyList<HistoryRecord> Records, int Damaged) Read(string path)
    {
        try
        {
            var records = new List<HistoryRecord>();
            int damaged = 0;
            foreach (ReadOnlyMemory<byte> line in JsonLineFile.Read(path))
            {
                if (HistoryJson.Read(line) is { } record)
                    records.Add(record);
                else
                    damaged++;
            }
            return (records, damaged);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw HistoryErrors.Unreadable(path, cause);
        }
    }
}
