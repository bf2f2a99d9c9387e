using System.Runtime.InteropServices;

namespace EtcdMaint.Benchmarks.Load;

/// <summary>
/// Free memory of a virtual machine may lie with its host, which gives it back page by page at the first use, a
/// gigabyte in seconds. Whoever came first after a while would pay for all, so it is used once before something is
/// measured.
/// </summary>
internal static class WarmMemory
{
    /// <param name="bytes">What the servers and the page cache will take. No more is used than lies idle, so that
    /// nothing has to make room.</param>
    public static unsafe void Use(long bytes)
    {
        long size = Math.Min(bytes, (ProcFile.ReadBytes("/proc/meminfo", "MemFree") ?? 0) * 3 / 4);
        byte* block = (byte*)NativeMemory.Alloc((nuint)size);
        for (long at = 0; at < size; at += Environment.SystemPageSize)
            block[at] = 1;
        NativeMemory.Free(block);
    }

    /// <summary>What a file's cache takes comes in other sizes than what a process takes, from other places.</summary>
    public static void UseForFile(string path, long bytes)
    {
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            byte[] block = new byte[1 << 20];
            for (long written = 0; written < bytes; written += block.Length)
                file.Write(block);
        }
        File.Delete(path);
    }
}
