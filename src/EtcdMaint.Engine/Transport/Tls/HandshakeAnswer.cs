using System.Buffers.Binary;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// The answer of a server to a TLS handshake, as far as its bytes are not encrypted. The TLS libraries that .NET uses
/// on Linux, macOS and Windows report a refusal in different words and codes; the bytes are the same. With TLS 1.3,
/// only the refusal of the whole handshake can be read here. Source: RFC 5246, sections 6.2.1 and 7.2.
/// </summary>
internal sealed class HandshakeAnswer
{
    private const byte AlertRecord = 0x15;
    private const byte HandshakeRecord = 0x16;
    private const byte Fatal = 2;
    private const int HeaderLength = 5;

    /// <summary>An alert has two bytes. An encrypted one is longer.</summary>
    private const int AlertLength = HeaderLength + 2;

    private readonly byte[] _start = new byte[AlertLength];
    private int _position;
    private byte? _first;

    /// <summary>Whether the server has sent nothing.</summary>
    public bool IsEmpty => _first is null;

    /// <summary>Whether the server answered in TLS: with an alert or with its part of the handshake.</summary>
    public bool IsTls => _first is AlertRecord or HandshakeRecord;

    /// <summary>Whether the server accepted the version and the ciphers, and sent its part of the handshake.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>
    /// The number of the alert by which the server ended the handshake, or null if none was readable.
    /// </summary>
    public byte? Alert { get; private set; }

    /// <summary>Reads the next bytes of the server.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte next in bytes)
        {
            _first ??= next;
            if (_position < AlertLength)
                _start[_position] = next;
            _position++;
            if (_position < HeaderLength)
                continue;
            int length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_start.AsSpan(3, 2));
            if (_position < length)
                continue;
            EndRecord(length);
            _position = 0;
        }
    }

    private void EndRecord(int length)
    {
        if (_start[0] == HandshakeRecord)
            HasBegun = true;
        else if (_start[0] == AlertRecord && length == AlertLength && _start[HeaderLength] == Fatal)
            Alert ??= _start[HeaderLength + 1];
    }
}
