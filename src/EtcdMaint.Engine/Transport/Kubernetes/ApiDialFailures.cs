using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// What a failure on the way through the API server means for a call to a member. For a stream that is made before
/// anything is sent none of these is "connection lost": the member was not asked. Where the request itself has
/// something run, a connection that broke leaves open whether it was.
/// </summary>
internal static class ApiDialFailures
{
    public static DialException From(EtcdException error, bool runsSomething)
    {
        CallFailure failure = error is not ApiServerException api
            ? CallFailure.WayInLoginRejected
            : api.Failure switch
            {
                ApiFailure.LoginRejected => CallFailure.WayInLoginRejected,
                ApiFailure.Forbidden => CallFailure.WayInForbidden,
                ApiFailure.NotFound or ApiFailure.Conflict => CallFailure.PodUnavailable,
                ApiFailure.ConnectionLost when runsSomething => CallFailure.ConnectionLost,
                _ => CallFailure.Unreachable,
            };
        return new DialException(failure, error.Message, error);
    }
}
