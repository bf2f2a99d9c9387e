using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace EtcdMaint.Simulation.Server;

/// <summary>The messages of one call. Each is preceded by a flag and its length.</summary>
internal sealed class GrpcExchange(HttpContext context)
{
    private const int HeadBytes = 5;

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Returns null after the last message of the client.</summary>
    public async Task<T?> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        PipeReader body = context.Request.BodyReader;
        while (true)
        {
            ReadResult read = await body.ReadAsync(Aborted);
            if (Take(read.Buffer) is { } message)
            {
                T parsed = parser.ParseFrom(message);
                body.AdvanceTo(message.End);
                return parsed;
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    public async Task WriteAsync(IMessage message)
    {
        int length = message.CalculateSize();
        Memory<byte> framed = context.Response.BodyWriter.GetMemory(HeadBytes + length)[..(HeadBytes + length)];
        framed.Span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(framed.Span[1..], length);
        message.WriteTo(framed.Span[HeadBytes..]);
        context.Response.BodyWriter.Advance(framed.Length);
        await context.Response.BodyWriter.FlushAsync(Aborted);
    }

    public void End(GrpcException? failure)
    {
        if (failure is not null)
            context.Response.AppendTrailer("grpc-message", failure.Message);
        context.Response.AppendTrailer("grpc-status", (failure?.Code ?? 0).ToString(CultureInfo.InvariantCulture));
    }

    private static ReadOnlySequence<byte>? Take(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < HeadBytes)
            return null;
        Span<byte> head = stackalloc byte[HeadBytes];
        buffer.Slice(0, HeadBytes).CopyTo(head);
        int length = BinaryPrimitives.ReadInt32BigEndian(head[1..]);
        return buffer.Length < HeadBytes + length ? null : buffer.Slice(HeadBytes, length);
    }
}
