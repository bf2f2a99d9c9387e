using EtcdMaint.Engine.Clients;

namespace EtcdMaint.Engine.Transports.Kubernetes;

/// <summary>
/// What a failure on the way through the API server means for a call to a member. None of these is "connection lost":
/// the stream never began, so the member was not asked.
/// </summary>
internal static class ApiDialFailures
{
    public static DialException From(EtcdException error)
    {
        CallFailure failure = error is not ApiServerException api ? CallFailure.WayInLoginRejected : api.Failure switch
        {
            ApiFailure.LoginRejected => CallFailure.WayInLoginRejected,
            ApiFailure.Forbidden => CallFailure.WayInForbidden,
            ApiFailure.NotFound or ApiFailure.Conflict => CallFailure.PodUnavailable,
            _ => CallFailure.Unreachable,
        };
        return new DialException(failure, error.Message, error);
    }
}
