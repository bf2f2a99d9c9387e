using System.IO.Compression;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clients.Grpc;

/// <summary>Receives a member's metrics page, which may be compressed.</summary>
internal static class MetricsPage
{
    /// <exception cref="MemberCallException">The page is larger than any member's.</exception>
    public static async Task<TextReader> ReceiveAsync(HttpContent content, MemberPlace place, CancellationToken stop)
    {
        using Stream body = await content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        MemoryStream page = await ReadAsync(body, place, stop).ConfigureAwait(false);
        if (!content.Headers.ContentEncoding.Contains("gzip"))
            return new StreamReader(page);
        using var decompressed = new GZipStream(page, CompressionMode.Decompress);
        return new StreamReader(await ReadAsync(decompressed, place, stop).ConfigureAwait(false));
    }

    private static async Task<MemoryStream> ReadAsync(Stream from, MemberPlace place, CancellationToken stop) =>
        await LimitedRead.ToEndAsync(from, SizeLimits.MetricsPage, stop).ConfigureAwait(false)
        ?? throw MemberCallException.Create(CallFailure.ResponseTooLarge, place, $"its metrics page has more than {ByteText.Of(SizeLimits.MetricsPage)}");
}
