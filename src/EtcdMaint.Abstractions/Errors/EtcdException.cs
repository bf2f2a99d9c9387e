namespace EtcdMaint;

/// <summary>
/// The only exception that the engine throws: a message for the user, an ID for scripts, and a recommended action. It
/// never contains a key, a token or a password.
/// </summary>
public class EtcdException : Exception
{
    internal EtcdException(
        string errorId,
        EtcdErrorCategory category,
        string message,
        string? action = null,
        object? target = null,
        Exception? inner = null
    )
        : base(PlainText.Of(message), PlainCause.Of(inner))
    {
        ErrorId = errorId;
        Category = category;
        RecommendedAction = PlainText.Of(action);
        Target = target is string text ? PlainText.Of(text) : target;
    }

    /// <summary>
    /// The error in few words, for a table: its ID and the members that it concerns, for example <c>MemberDown:
    /// etcd-3</c>.
    /// </summary>
    internal string Brief => Subject is null ? ErrorId : $"{ErrorId}: {Subject}";

    /// <summary>The names of the members that the error concerns; null if there are none.</summary>
    internal string? Subject
    {
        get;
        init => field = PlainText.Of(value);
    }

    /// <summary>The ID of the error, for example <c>EndpointRefused</c>. It never changes.</summary>
    public string ErrorId { get; }

    /// <summary>The category of the error.</summary>
    public EtcdErrorCategory Category { get; }

    /// <summary>The recommended action.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The object that the error concerns: an endpoint, a member or the value of a parameter.</summary>
    public object? Target { get; }
}
