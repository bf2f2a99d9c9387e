namespace EtcdMaint.Engine.Failures;

/// <summary>A dialer could not open its stream, for a known reason.</summary>
internal sealed class DialException(CallFailure failure, string message, Exception? inner = null)
    : IOException(message, inner)
{
    public CallFailure Failure { get; } = failure;
}
