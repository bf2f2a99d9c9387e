namespace EtcdMaint;

/// <summary>
/// Replaces the cause of an error if the message of the cause is not plain text. PowerShell also shows causes, and the
/// message of an exception cannot be changed.
/// </summary>
internal sealed class PlainCause : Exception
{
    private PlainCause(Exception cause)
        : base(PlainText.Of(cause.ToString())) { }

    /// <summary>Returns the cause itself if its text is plain.</summary>
    public static Exception? Of(Exception? cause) =>
        Chain(cause).All(link => PlainText.IsPlain(link.Message)) ? cause : new PlainCause(cause!);

    private static IEnumerable<Exception> Chain(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
