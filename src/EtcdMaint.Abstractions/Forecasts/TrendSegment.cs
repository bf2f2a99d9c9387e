namespace EtcdMaint.Forecasts;

/// <summary>A part of a series in which it grew at one rate.</summary>
/// <param name="First">The index of its first point.</param>
/// <param name="End">The index after its last point.</param>
/// <param name="IsFlat">Whether it has no growth at all.</param>
internal readonly record struct TrendSegment(int First, int End, bool IsFlat)
{
    public int Count => End - First;
}
