using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Maps a failure of the API server to the failure of a call to a member. A stream is made before anything is sent, so
/// no such failure is "connection lost": no request was sent to the member. If the request itself runs a program, a
/// broken connection leaves the outcome unknown.
/// </summary>
internal static class ApiDialFailures
{
    public static DialException From(EtcdException error, bool runsSomething)
    {
        CallFailure failure = error is not ApiServerException api
            ? CallFailure.AccessLoginRejected
            : api.Failure switch
            {
                ApiFailure.LoginRejected => CallFailure.AccessLoginRejected,
                ApiFailure.Forbidden => CallFailure.AccessForbidden,
                ApiFailure.NotFound or ApiFailure.Conflict => CallFailure.PodUnavailable,
                ApiFailure.ConnectionLost when runsSomething => CallFailure.ConnectionLost,
                _ => CallFailure.Unreachable,
            };
        return new DialException(failure, error.Message, error);
    }
}
