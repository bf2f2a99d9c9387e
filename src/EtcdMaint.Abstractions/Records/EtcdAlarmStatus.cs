namespace EtcdMaint;

/// <summary>The state of an alarm.</summary>
public enum EtcdAlarmStatus
{
    /// <summary>The alarm is armed.</summary>
    Armed,

    /// <summary>The alarm was cleared, and did not return while it was watched.</summary>
    Cleared,

    /// <summary>The alarm would be cleared (<c>-WhatIf</c>).</summary>
    Planned,

    /// <summary>The alarm was left armed because an earlier step of the pipeline failed.</summary>
    NotAttempted,
}
