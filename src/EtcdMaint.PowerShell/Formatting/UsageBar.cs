namespace EtcdMaint.Cmdlets;

/// <summary>Draws a share as a bar and a number: <c>███░  72%</c>.</summary>
public static class UsageBar
{
    private const int Cells = 4;

    /// <summary>
    /// Returns the bar for a ratio from 0 to 1, or empty text if the ratio is unknown. Only a ratio of 1 or more fills
    /// the bar.
    /// </summary>
    public static string Draw(double? ratio)
    {
        if (ratio is not double known)
            return "";
        int full = (int)Math.Clamp(Math.Floor(known * Cells), 0, Cells);
        return $"{new string('█', full)}{new string('░', Cells - full)} {Display.Percent(known), 4}";
    }
}
