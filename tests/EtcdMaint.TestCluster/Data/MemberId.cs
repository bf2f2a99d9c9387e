using System.Globalization;
using System.Text.Json;

namespace EtcdMaint.TestCluster;

/// <summary>
/// 64-bit IDs: decimal in JSON (a string from the gateway, a number from etcdctl), hexadecimal in text for users.
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
