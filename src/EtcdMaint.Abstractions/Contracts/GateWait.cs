namespace EtcdMaint;

/// <summary>Whether a closed gate can open without an operator's help, and how long that takes.</summary>
internal enum GateWait
{
    /// <summary>It stays closed until an operator acts.</summary>
    Never,

    /// <summary>Within seconds, as after an election or a restart.</summary>
    Brief,

    /// <summary>When work of another client ends, which can take many minutes.</summary>
    UntilWorkEnds,
}
