using System.Globalization;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// The process that holds a file lock, as the kernel reports it. The content of a lock file shows only what a process
/// wrote there. Source: Linux, proc_locks(5) and proc_pid_status(5).
/// </summary>
internal sealed record LockingProcess(int Id, uint User)
{
    /// <summary>
    /// Returns null if the kernel does not report it, as on macOS or for a process in another container.
    /// </summary>
    public static LockingProcess? Find(FileFacts file)
    {
        try
        {
            // The format is major:minor:inode, with major and minor in hexadecimal digits.
            string identity = string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Device >> 32:x2}:{(uint)file.Device:x2}:{file.Inode}"
            );
            foreach (string line in File.ReadLines("/proc/locks"))
            {
                if (
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        is [_, "FLOCK", _, "WRITE", var process, var where, ..]
                    && where == identity
                )
                    return Read(process);
            }
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"process {Id} of the user with ID {User}");

    private static LockingProcess? Read(string process)
    {
        string[] ids = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("Uid:", StringComparison.Ordinal))
            .Split('\t');
        return new LockingProcess(
            int.Parse(process, CultureInfo.InvariantCulture),
            uint.Parse(ids[1], CultureInfo.InvariantCulture)
        );
    }
}
