namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>Why a request to an API server failed.</summary>
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
