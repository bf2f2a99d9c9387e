using System.Globalization;

namespace EtcdMaint;

/// <summary>Formats sizes as etcdctl prints them: in powers of 1,000, with two or three digits.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static string Of(long bytes)
    {
        double value = Math.Abs((double)bytes);
        int unit = 0;
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }
        string sign = bytes < 0 ? "-" : "";
        string digits = value.ToString(unit > 0 && value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
        return $"{sign}{digits} {Units[unit]}";
    }
}
