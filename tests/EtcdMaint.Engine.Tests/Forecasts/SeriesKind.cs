namespace EtcdMaint.Engine.Tests.Forecasts;

/// <summary>The kinds of series with which a forecast is tested.</summary>
public enum SeriesKind
{
    Steady,

    SawTooth,

    BurstThenFlat,

    Step,

    Shrinking,

    TooShort,
}
