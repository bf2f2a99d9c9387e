namespace EtcdMaint;

/// <summary>How the size of a database changed over the samples of a history.</summary>
public enum EtcdGrowthPattern
{
    /// <summary>The history has too few samples, or spans too little time.</summary>
    TooShort,

    /// <summary>The size does not change, or not more than it varies.</summary>
    Flat,

    /// <summary>The size grows at a steady rate.</summary>
    Steady,

    /// <summary>The size rises and falls each day. Its peaks may grow.</summary>
    SawTooth,

    /// <summary>The size changed at once, and does not grow since.</summary>
    Step,

    /// <summary>The size grew for some time, and does not grow since.</summary>
    Burst,

    /// <summary>The size shrinks.</summary>
    Shrinking,
}
