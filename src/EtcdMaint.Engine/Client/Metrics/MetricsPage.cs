using System.IO.Compression;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Metrics;

/// <summary>Reads a metrics page, which may be compressed. The size limit applies to the decompressed text.</summary>
internal static class MetricsPage
{
    /// <exception cref="MetricsPageTooLargeException">The page is larger than any page of a member.</exception>
    /// <exception cref="InvalidDataException">The compression is damaged.</exception>
    public static async Task<MemberMetrics> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using Stream received = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        bool isPacked = content.Headers.ContentEncoding.Contains("gzip");
        using Stream text = isPacked ? new GZipStream(received, CompressionMode.Decompress) : received;
        using MemoryStream page =
            await LimitedRead.ToEndAsync(text, SizeLimits.MetricsPage, cancellationToken).ConfigureAwait(false)
            ?? throw new MetricsPageTooLargeException();
        using var reader = new StreamReader(page);
        return MemberMetrics.Parse(reader);
    }
}

internal sealed class MetricsPageTooLargeException()
    : IOException($"the metrics page is larger than {ByteText.Of(SizeLimits.MetricsPage)}");
