using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint;

/// <summary>Reads the file attributes that .NET does not report on Linux and macOS: type, links and owner.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixFile
{
    private const int NotFound = 2;
    private const int AccessDenied = 13;
    private const int NotAFolder = 20;

    /// <summary>Larger than the structure of any supported system.</summary>
    private const int BufferSize = 256;

    /// <summary>Returns null if the file does not exist.</summary>
    /// <exception cref="UnauthorizedAccessException">The user cannot access a folder of the path, or the kernel does
    /// not follow a link in it.</exception>
    public static FileFacts? Find(string path, bool followLink = false)
    {
        byte[] buffer = new byte[BufferSize];
        int result = OperatingSystem.IsMacOS()
            ? Darwin.Read(path, followLink, buffer)
            : Linux.Read(path, followLink, buffer);
        if (result == 0)
            return Parse(buffer);
        return Marshal.GetLastPInvokeError() is NotFound or NotAFolder ? null : throw Failed();
    }

    public static FileFacts Read(SafeFileHandle file)
    {
        byte[] buffer = new byte[BufferSize];
        int result = OperatingSystem.IsMacOS() ? Darwin.Read(file, buffer) : Linux.Read(file, buffer);
        return result == 0 ? Parse(buffer) : throw Failed();
    }

    /// <summary>Returns the path without links. The file must exist.</summary>
    public static string RealPath(string path)
    {
        byte[] buffer = new byte[4096];
        if (realpath(path, buffer) == 0)
            throw Failed();
        return Encoding.UTF8.GetString(buffer, 0, Array.IndexOf(buffer, (byte)0));
    }

    public static Exception Failed()
    {
        int error = Marshal.GetLastPInvokeError();
        string words = Marshal.GetPInvokeErrorMessage(error);
        return error == AccessDenied ? new UnauthorizedAccessException(words) : new IOException(words);
    }

    private static FileFacts Parse(byte[] buffer) =>
        OperatingSystem.IsMacOS() ? Darwin.Parse(buffer) : Linux.Parse(buffer);

    private static uint UInt32(byte[] buffer, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(offset));

    private static FileKind Kind(byte[] buffer, int modeOffset) =>
        (FileKind)(BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(modeOffset)) & 0xF000);

    [DllImport("libc", SetLastError = true)]
    private static extern nint realpath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] resolved);

    /// <summary>statx(2): the structure is the same on all processors.</summary>
    private static class Linux
    {
        private const int CurrentFolder = -100;
        private const int NoFollow = 0x100;
        private const int EmptyPath = 0x1000;
        private const uint BasicFacts = 0x7FF;

        public static int Read(string path, bool followLink, byte[] buffer) =>
            statx(CurrentFolder, path, followLink ? 0 : NoFollow, BasicFacts, buffer);

        public static int Read(SafeFileHandle file, byte[] buffer) => statx(file, "", EmptyPath, BasicFacts, buffer);

        public static FileFacts Parse(byte[] buffer) =>
            new(
                Kind(buffer, 28),
                UInt32(buffer, 16),
                UInt32(buffer, 20),
                ((ulong)UInt32(buffer, 136) << 32) | UInt32(buffer, 140),
                BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(32))
            );

        [DllImport("libc", SetLastError = true)]
        private static extern int statx(
            int folder,
            [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
            int flags,
            uint mask,
            [Out] byte[] buffer
        );

        [DllImport("libc", SetLastError = true)]
        private static extern int statx(
            SafeFileHandle folder,
            [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
            int flags,
            uint mask,
            [Out] byte[] buffer
        );
    }

    /// <summary>stat(2) with 64-bit inodes, which has a different name on x64.</summary>
    private static class Darwin
    {
        private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64;

        public static int Read(string path, bool followLink, byte[] buffer) =>
            followLink
                ? IsArm
                    ? stat(path, buffer)
                    : stat64(path, buffer)
                : IsArm
                    ? lstat(path, buffer)
                    : lstat64(path, buffer);

        public static int Read(SafeFileHandle file, byte[] buffer) =>
            IsArm ? fstat(file, buffer) : fstat64(file, buffer);

        public static FileFacts Parse(byte[] buffer) =>
            new(
                Kind(buffer, 4),
                BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(6)),
                UInt32(buffer, 16),
                UInt32(buffer, 0),
                BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(8))
            );

        [DllImport("libc", SetLastError = true)]
        private static extern int stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] buffer);

        [DllImport("libc", SetLastError = true)]
        private static extern int lstat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] buffer);

        [DllImport("libc", SetLastError = true)]
        private static extern int fstat(SafeFileHandle file, [Out] byte[] buffer);

        [DllImport("libc", EntryPoint = "stat$INODE64", SetLastError = true)]
        private static extern int stat64([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] buffer);

        [DllImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true)]
        private static extern int lstat64([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] buffer);

        [DllImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
        private static extern int fstat64(SafeFileHandle file, [Out] byte[] buffer);
    }
}
