using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The bytes that a defragmentation returns to the disk, if they are known only later.</summary>
/// <param name="Minimum">The pages that are free now.</param>
/// <param name="Maximum">The whole file, because all bytes in use may be history.</param>
internal sealed record ReclaimRange(long Minimum, long Maximum)
{
    public static ReclaimRange Of(StatusReply status) => new(status.FreeBytes, status.DbSize);

    /// <summary>Both sizes, or one size if they look the same.</summary>
    public static string Format(long minimum, long maximum)
    {
        (string from, string to) = (ByteText.Of(minimum), ByteText.Of(maximum));
        return from == to ? to : $"{from} to {to}";
    }

    public override string ToString() => Format(Minimum, Maximum);
}
