using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>An address and port on which a process accepts connections.</summary>
internal sealed record Listener(IPAddress Address, int Port)
{
    public bool Takes(IPAddress address, int port) =>
        Port == port
        && (
            Address.Equals(address)
            || Address.Equals(IPAddress.IPv6Any)
            || (Address.Equals(IPAddress.Any) && address.AddressFamily == Address.AddressFamily)
        );

    /// <summary>
    /// Reads an entry of <c>/proc/net/tcp</c> or <c>tcp6</c>: the address as words of 32 bits, each in the byte order
    /// of the machine, and the port. Returns null if the text is not an entry.
    /// </summary>
    public static Listener? TryRead(string text)
    {
        if (
            text.Split(':') is not [var address, var port]
            || address.Length % 8 != 0
            || !int.TryParse(port, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number)
        )
            return null;
        byte[] bytes = new byte[address.Length / 2];
        for (int i = 0; i < address.Length; i += 8)
        {
            if (
                !uint.TryParse(
                    address.AsSpan(i, 8),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out uint word
                )
            )
                return null;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i / 2), word);
        }
        return bytes.Length is 4 or 16 ? new Listener(NodeNetwork.Plain(new IPAddress(bytes)), number) : null;
    }
}
