using System.Text.Json;

namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>
/// Reads the JSON of an API server. Only the fields that the module uses are read; the others are skipped. A process
/// that makes one call spends most of its time on compiling methods and on loading types, and a serializer with the
/// complete objects of Kubernetes needs several thousand of them.
/// </summary>
internal static class KubernetesJson
{
    public delegate T? Reader<T>(ref JsonCursor json);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="JsonException">The text is not JSON, or a value has another type.</exception>
    /// <exception cref="FormatException">A time cannot be read.</exception>
    public static T? Parse<T>(ReadOnlySpan<byte> text, Reader<T> read)
    {
        try
        {
            var json = new JsonCursor(text.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text);
            T? value = read(ref json);
            json.End();
            return value;
        }
        catch (InvalidOperationException cause)
        {
            throw new JsonException("A text is not Unicode.", cause);
        }
    }
}
