namespace EtcdMaint;

/// <summary>
/// The one exception that leaves the engine: a sentence for people, an ID for scripts, and what to do about it. It
/// never holds key text, a token or a password.
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

    /// <summary>The error's ID, for example <c>EndpointRefused</c>. Kept for life.</summary>
    public string ErrorId { get; }

    /// <summary>What kind of error it is.</summary>
    public EtcdErrorCategory Category { get; }

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The object that the error concerns: an endpoint, a member, a parameter's value.</summary>
    public object? Target { get; }
}
