using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Content;

/// <summary>
/// Reads the fields of a protobuf message one after the other
/// (https://protobuf.dev/programming-guides/encoding).
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;
    private const int MostVarintBytes = 10;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>The current field if it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>The current field if it is a string, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Whether the current field is a number; otherwise it has <see cref="Bytes"/>.</summary>
    public bool IsNumber { get; private set; }

    public bool IsMalformed { get; private set; }

    /// <returns>Whether there is a further field; false also if the message is malformed.</returns>
    public bool MoveNext()
    {
        if (_rest.IsEmpty || IsMalformed)
            return false;
        IsMalformed = !TryMoveNext();
        return !IsMalformed;
    }

    private bool TryMoveNext()
    {
        if (!TryReadVarint(out ulong tag) || tag >> 3 is 0 or > int.MaxValue)
            return false;
        Field = (int)(tag >> 3);
        IsNumber = true;
        Bytes = default;
        switch ((int)(tag & 7))
        {
            case Varint:
                bool isRead = TryReadVarint(out ulong number);
                Number = number;
                return isRead;
            case Fixed64 when _rest.Length >= sizeof(ulong):
                Number = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
                _rest = _rest[sizeof(ulong)..];
                return true;
            case Fixed32 when _rest.Length >= sizeof(uint):
                Number = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
                _rest = _rest[sizeof(uint)..];
                return true;
            case LengthDelimited when TryReadVarint(out ulong length) && length <= (ulong)_rest.Length:
                IsNumber = false;
                Bytes = _rest[..(int)length];
                _rest = _rest[(int)length..];
                return true;
            default:
                return false;
        }
    }

    private bool TryReadVarint(out ulong number)
    {
        number = 0;
        for (int i = 0; i < _rest.Length && i < MostVarintBytes; i++)
        {
            byte next = _rest[i];
            number |= (ulong)(next & 0x7F) << (7 * i);
            if (next >= 0x80)
                continue;
            _rest = _rest[(i + 1)..];
            return true;
        }
        return false;
    }
}
