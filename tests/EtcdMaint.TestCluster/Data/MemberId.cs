using System.Globalization;
using System.Text.Json;

namespace EtcdMaint.TestCluster;

/// <summary>
/// IDs of 64 bits: decimal in JSON (a string from the gateway, a number from etcdctl), hexadecimal wherever people read
/// them.
/// </summary>
internal static class MemberId
{
    public static string Of(JsonElement element) =>
        (
            element.ValueKind == JsonValueKind.String
                ? ulong.Parse(element.GetString()!, CultureInfo.InvariantCulture)
                : element.GetUInt64()
        ).ToString("x", CultureInfo.InvariantCulture);

    public static string ToDecimal(string id) =>
        ulong.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
