using System.Globalization;

namespace EtcdMaint;

/// <summary>
/// Member, cluster and lease IDs as people see them: lower-case hexadecimal without padding, as etcdctl prints them.
/// </summary>
internal static class HexId
{
    public static string Format(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Reads hexadecimal digits, an optional 0x in front.</summary>
    public static bool TryParse(string? text, out ulong id)
    {
        ReadOnlySpan<char> digits = text.AsSpan().Trim();
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            digits = digits[2..];
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
    }
}
