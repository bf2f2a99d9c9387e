using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// The error messages of etcd. The text decides instead of the gRPC code, because versions and calls use different
/// codes for the same error, and etcdctl prints only the text. Source: etcd-io/etcd, api/v3rpc/rpctypes/error.go;
/// observed on 3.4.23, 3.5.16, 3.5.30.
/// </summary>
internal static class ServerErrorMessages
{
    private static readonly (string Text, CallFailure Failure)[] Known =
    [
        ("rpc not supported for learner", CallFailure.Learner),
        ("required revision has been compacted", CallFailure.Compacted),
        ("required revision is a future revision", CallFailure.FutureRevision),
        ("database space exceeded", CallFailure.NoSpace),
        ("corrupt cluster", CallFailure.Corrupt),
        ("too many operations in txn request", CallFailure.TooManyOperations),
        ("too many requests", CallFailure.TooManyRequests),
        ("bad leader transferee", CallFailure.BadTransferee),
        ("leader transfer took too long", CallFailure.TransferTimedOut),
        ("not leader", CallFailure.NotLeader),
        ("no leader", CallFailure.NoLeader),
        ("leader changed", CallFailure.NoLeader),
        ("invalid auth token", CallFailure.TokenRejected),
        ("revision of auth store is old", CallFailure.TokenRejected),
        ("authentication failed, invalid user ID or password", CallFailure.LoginFailed),
        ("authentication is not enabled", CallFailure.LoginNotEnabled),
        ("user name is empty", CallFailure.LoginRequired),
        ("user name not found", CallFailure.UserUnknown),
        ("auth: user not found", CallFailure.UserUnknown),
        ("permission denied", CallFailure.PermissionDenied),
        ("no space left on device", CallFailure.DiskFull),
        ("disk quota exceeded", CallFailure.DiskFull),
        ("requested lease not found", CallFailure.LeaseNotFound),
        ("role name already exists", CallFailure.RoleExists),
        ("has a downgrade job in progress", CallFailure.DowngradeRunning),
        ("role name not found", CallFailure.RoleNotFound),
        ("request timed out", CallFailure.TimedOut),
        ("context deadline exceeded", CallFailure.TimedOut),
        ("unknown service", CallFailure.NotSupported),
        ("unknown method", CallFailure.NotSupported),
    ];

    /// <summary>Returns null if the text contains no known message.</summary>
    public static CallFailure? Classify(string text)
    {
        foreach ((string known, CallFailure failure) in Known)
            if (text.Contains(known, StringComparison.OrdinalIgnoreCase))
                return failure;
        return null;
    }
}
