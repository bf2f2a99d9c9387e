namespace EtcdMaint.Engine.Failures;

/// <summary>A dialer could not make its stream, and knows why.</summary>
internal sealed class DialException(CallFailure failure, string message, Exception? inner = null)
    : IOException(message, inner)
{
    public CallFailure Failure { get; } = failure;
}
