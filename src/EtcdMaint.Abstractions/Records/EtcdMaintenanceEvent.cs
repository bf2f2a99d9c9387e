namespace EtcdMaint;

/// <summary>One line of the story of a run.</summary>
public sealed class EtcdMaintenanceEvent
{
    /// <summary>When it was told.</summary>
    public DateTimeOffset At { get; internal init; }

    /// <summary>Whether it was a warning.</summary>
    public bool IsWarning { get; internal init; }

    /// <summary>What was told.</summary>
    public string Message
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
