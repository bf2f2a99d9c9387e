using System.IO.Compression;

namespace EtcdMaint.Engine.Clients.Metrics;

/// <summary>Reads a metrics page with a limit on its size, before and after decompression.</summary>
internal static class MetricsPage
{
    /// <summary>Bytes of text. A page of etcd has less than 0.2 MB.</summary>
    public const int MaximumSize = 16 * 1024 * 1024;

    /// <exception cref="InvalidDataException">The page is longer than the limit, or its compression is damaged.</exception>
    public static async Task<MemberMetrics> ReadAsync(HttpContent content, CancellationToken stop)
    {
        using Stream received = await content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        bool isPacked = content.Headers.ContentEncoding.Contains("gzip");
        using Stream text = isPacked ? new GZipStream(received, CompressionMode.Decompress) : received;
        using var page = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (await text.ReadAsync(buffer, stop).ConfigureAwait(false) is > 0 and var count)
        {
            if (page.Length + count > MaximumSize)
                throw new InvalidDataException($"the page is longer than {MaximumSize >> 20} MB");
            page.Write(buffer, 0, count);
        }
        page.Position = 0;
        using var reader = new StreamReader(page);
        return MemberMetrics.Parse(reader);
    }
}
