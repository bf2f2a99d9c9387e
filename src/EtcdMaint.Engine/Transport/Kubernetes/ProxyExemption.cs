using System.Globalization;
using System.Net;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// One entry of <c>NO_PROXY</c>: <c>*</c>, a network, an address, or a domain with its subdomains. A leading dot or
/// <c>*.</c> excludes the domain itself. A port after an address or domain restricts the entry to that port.
/// </summary>
internal sealed record ProxyExemption
{
    private bool IsForAll { get; init; }

    private IPNetwork? Network { get; init; }

    private IPAddress? Address { get; init; }

    /// <summary>The domain with a leading dot.</summary>
    private string? Domain { get; init; }

    private bool IsForSubdomainsOnly { get; init; }

    private int? Port { get; init; }

    /// <summary>Reads an entry. An invalid entry exempts no host.</summary>
    public static ProxyExemption Parse(string entry)
    {
        if (entry == "*")
            return new ProxyExemption { IsForAll = true };
        if (entry.Contains('/', StringComparison.Ordinal))
            return new ProxyExemption { Network = ReadNetwork(entry) };
        (string host, int? port) = SplitPort(entry);
        if (IPAddress.TryParse(host, out IPAddress? address))
            return new ProxyExemption { Address = Plain(address), Port = port };
        string domain = host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host;
        return new ProxyExemption
        {
            Domain = domain.Length == 0 || domain.StartsWith('.') ? domain : $".{domain}",
            IsForSubdomainsOnly = domain.StartsWith('.'),
            Port = port,
        };
    }

    public bool Covers(Uri server)
    {
        if (Port is { } port && port != server.Port)
            return false;
        string host = server.IdnHost;
        return IPAddress.TryParse(host, out IPAddress? address)
            ? IsForAll || Network?.Contains(Plain(address)) is true || Plain(address).Equals(Address)
            : IsForAll || CoversName(host);
    }

    private bool CoversName(string host) =>
        Domain is { Length: > 1 } domain
        && (
            host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
            || (!IsForSubdomainsOnly && host.Equals(domain[1..], StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>Reads a network. As in Go, the bits of the address behind the prefix are ignored.</summary>
    private static IPNetwork? ReadNetwork(string entry)
    {
        string[] parts = entry.Split('/');
        if (
            parts.Length != 2
            || !IPAddress.TryParse(parts[0], out IPAddress? address)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
        )
            return null;
        byte[] bytes = address.GetAddressBytes();
        if (length > bytes.Length * 8)
            return null;
        for (int bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static (string Host, int? Port) SplitPort(string entry)
    {
        int colon = entry.LastIndexOf(':');
        bool hasPort =
            colon >= 0
            && (entry.IndexOf(':') == colon || entry[colon - 1] == ']')
            && ushort.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return hasPort
            ? (entry[..colon].Trim('[', ']'), int.Parse(entry.AsSpan(colon + 1), CultureInfo.InvariantCulture))
            : (entry.Trim('[', ']'), null);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
