namespace EtcdMaint;

/// <summary>What became of an alarm.</summary>
public enum EtcdAlarmStatus
{
    /// <summary>It is armed.</summary>
    Armed,

    /// <summary>It was disarmed, and did not come back while it was watched.</summary>
    Cleared,

    /// <summary>It would be disarmed (<c>-WhatIf</c>).</summary>
    Planned,

    /// <summary>It was left armed because an earlier step of the pipeline failed.</summary>
    NotAttempted,
}
