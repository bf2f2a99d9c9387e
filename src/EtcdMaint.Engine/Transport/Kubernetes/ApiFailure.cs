namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>Why an API server did not do what it was asked.</summary>
internal enum ApiFailure
{
    Unreachable,
    TimedOut,
    ConnectionLost,
    CertificateRefused,
    LoginRejected,
    Forbidden,
    NotFound,
    NotServed,
    Gone,
    Conflict,
    TooManyRequests,
    ServerError,
    AnswerTooLarge,
    Rejected,
}
