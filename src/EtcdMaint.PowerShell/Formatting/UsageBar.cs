namespace EtcdMaint.Cmdlets;

/// <summary>A share of something as a bar and a number: <c>███░  72%</c>.</summary>
public static class UsageBar
{
    private const int Cells = 4;

    /// <summary>
    /// The bar for a ratio of 0..1; nothing when it is not known. Only a ratio of 1 or more fills it.
    /// </summary>
    public static string Draw(double? ratio)
    {
        if (ratio is not double known)
            return "";
        int full = (int)Math.Clamp(Math.Floor(known * Cells), 0, Cells);
        return $"{new string('█', full)}{new string('░', Cells - full)} {Display.Percent(known), 4}";
    }
}
