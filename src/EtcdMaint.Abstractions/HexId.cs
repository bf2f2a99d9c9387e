using System.Globalization;

namespace EtcdMaint;

/// <summary>
/// Formats the IDs of members, clusters and leases as etcdctl prints them: lower-case hexadecimal without padding.
/// </summary>
internal static class HexId
{
    public static string Format(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Reads hexadecimal digits with an optional 0x prefix.</summary>
    public static bool TryParse(string? text, out ulong id)
    {
        ReadOnlySpan<char> digits = text.AsSpan().Trim();
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            digits = digits[2..];
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
    }
}
