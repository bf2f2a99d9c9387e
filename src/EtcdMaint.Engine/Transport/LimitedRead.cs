using System.Buffers;

namespace EtcdMaint.Engine.Transport;

/// <summary>Reads a stream to its end, unless it is longer than a limit.</summary>
internal static class LimitedRead
{
    private const int BufferSize = 16 * 1024;

    /// <summary>Reads a certificate or key file.</summary>
    /// <exception cref="IOException">The file cannot be read, or it is longer than the limit, as a device without an
    /// end is.</exception>
    public static byte[] CertificateFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[SizeLimits.CertificateFile + 1];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read <= SizeLimits.CertificateFile
            ? bytes[..read]
            : throw new IOException($"{path} is too large for a certificate.");
    }

    /// <summary>Returns null if the stream is longer than the limit.</summary>
    public static async Task<MemoryStream?> ToEndAsync(Stream from, int limit, CancellationToken cancellationToken)
    {
        var all = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (all.Length + count > limit)
                    return null;
                all.Write(buffer, 0, count);
            }
            all.Position = 0;
            return all;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
