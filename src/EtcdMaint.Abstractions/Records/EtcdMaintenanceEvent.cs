namespace EtcdMaint;

/// <summary>One entry in the log of a run.</summary>
public sealed class EtcdMaintenanceEvent
{
    /// <summary>The time of the message.</summary>
    public DateTimeOffset At { get; internal init; }

    /// <summary>Whether the message is a warning.</summary>
    public bool IsWarning { get; internal init; }

    /// <summary>The text of the message.</summary>
    public string Message
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
