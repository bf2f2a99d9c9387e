namespace EtcdMaint.Forecasts;

/// <summary>A size at a time.</summary>
/// <param name="Day">The time in days; 0 is the newest sample, and earlier times are negative.</param>
/// <param name="Bytes">The size.</param>
internal readonly record struct SizePoint(double Day, double Bytes);
