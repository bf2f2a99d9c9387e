namespace EtcdMaint;

/// <summary>
/// Stands in for the cause of an error whose message is not plain text: PowerShell shows causes too, and the message of
/// an exception cannot be changed.
/// </summary>
internal sealed class PlainCause : Exception
{
    private PlainCause(Exception cause)
        : base(PlainText.Of(cause.ToString())) { }

    /// <summary>The cause itself when all that it says is plain.</summary>
    public static Exception? Of(Exception? cause) =>
        Chain(cause).All(link => PlainText.IsPlain(link.Message)) ? cause : new PlainCause(cause!);

    private static IEnumerable<Exception> Chain(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
