namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>One defragmentation inside a member. It continues after the end of the call that requested it.</summary>
internal sealed class DefragJob(bool isOurs, TimeSpan duration)
{
    public bool IsOurs { get; } = isOurs;

    public TimeSpan Duration { get; } = duration;

    public TimeSpan Remaining { get; set; } = duration;

    /// <summary>When it was last started or resumed; null while it is queued or its process is suspended.</summary>
    public TimeSpan? RunningSince { get; set; }

    /// <summary>When it was first started; null while it has not begun.</summary>
    public TimeSpan? BegunAt { get; set; }

    /// <summary>Whether the member waits for it now.</summary>
    public bool IsBlocking { get; set; }

    public bool IsOver { get; set; }

    /// <summary>Whether the disk was full.</summary>
    public bool HasFailed { get; set; }
}
