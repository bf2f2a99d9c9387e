using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace EtcdMaint.Simulation.Server;

/// <summary>
/// Serves the metrics page over HTTP/1.1 on the port of the gRPC calls, as etcd does. Without TLS, Kestrel serves only
/// one of the two protocols on a port, so the first bytes of a connection decide who serves it.
/// </summary>
/// <param name="next">Serves HTTP/2.</param>
/// <param name="pageOf">Returns the page of the member at an address.</param>
internal sealed class PlainMetrics(ConnectionDelegate next, Func<IPAddress, string> pageOf)
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    public async Task ServeAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        ReadResult first = await input.ReadAsync(connection.ConnectionClosed);
        bool isPlain = first.Buffer.FirstSpan.StartsWith("G"u8);
        input.AdvanceTo(first.Buffer.Start);
        if (!isPlain)
        {
            await next(connection);
            return;
        }
        var address = ((IPEndPoint)connection.LocalEndPoint!).Address;
        while (await ReadHeadAsync(input, connection.ConnectionClosed))
        {
            string page = pageOf(address);
            byte[] answer = Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {page.Length}\r\n\r\n{page}"
            );
            await connection.Transport.Output.WriteAsync(answer, connection.ConnectionClosed);
        }
    }

    /// <summary>Returns false after the last request of the connection.</summary>
    private static async Task<bool> ReadHeadAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken);
            var reader = new SequenceReader<byte>(read.Buffer);
            if (reader.TryReadTo(out ReadOnlySequence<byte> _, EndOfHead))
            {
                input.AdvanceTo(reader.Position);
                return true;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return false;
        }
    }
}
