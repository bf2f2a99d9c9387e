namespace EtcdMaint;

/// <summary>Whether a closed gate can open without an operator, and how long that takes.</summary>
internal enum GateWait
{
    /// <summary>The gate stays closed until an operator acts.</summary>
    Never,

    /// <summary>The gate can open within seconds, for example after an election or a restart.</summary>
    Brief,

    /// <summary>The gate opens when the work of another client ends, which can take many minutes.</summary>
    UntilWorkEnds,
}
