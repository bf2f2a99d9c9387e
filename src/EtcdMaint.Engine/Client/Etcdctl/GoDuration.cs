using System.Globalization;
using System.Text.RegularExpressions;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>Reads a duration in the format of Go: <c>1m30s</c>, <c>500ms</c>, <c>0s</c>.</summary>
internal static partial class GoDuration
{
    /// <summary>Returns null if the text is not a duration or is negative.</summary>
    public static TimeSpan? Read(string text)
    {
        if (text == "0")
            return TimeSpan.Zero;
        if (!Whole().IsMatch(text))
            return null;
        double seconds = Part()
            .Matches(text)
            .Sum(p => double.Parse(p.Groups[1].Value, CultureInfo.InvariantCulture) * SecondsIn(p.Groups[2].Value));
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    private static double SecondsIn(string unit) =>
        unit switch
        {
            "h" => 3600,
            "m" => 60,
            "s" => 1,
            "ms" => 1e-3,
            "ns" => 1e-9,
            _ => 1e-6,
        };

    [GeneratedRegex(@"\A(?:[0-9]+(?:\.[0-9]*)?(?:ns|us|µs|μs|ms|s|m|h))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"([0-9]+(?:\.[0-9]*)?)(ns|us|µs|μs|ms|s|m|h)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
