using System.Runtime.InteropServices;

namespace EtcdMaint.Benchmarks.Load;

/// <summary>
/// The free memory of a virtual machine may be held by its host, which returns it page by page at the first use, a
/// gigabyte in seconds. The first contender after a while would pay for all, so the memory is used once before each
/// measurement.
/// </summary>
internal static class WarmMemory
{
    /// <param name="bytes">The memory that the servers and the page cache will use. Only free memory is used, so that
    /// nothing is evicted.</param>
    public static unsafe void Use(long bytes)
    {
        long size = Math.Min(bytes, (ProcFile.ReadBytes("/proc/meminfo", "MemFree") ?? 0) * 3 / 4);
        byte* block = (byte*)NativeMemory.Alloc((nuint)size);
        for (long at = 0; at < size; at += Environment.SystemPageSize)
            block[at] = 1;
        NativeMemory.Free(block);
    }

    /// <summary>The page cache of a file uses other block sizes than a process, from other places.</summary>
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
