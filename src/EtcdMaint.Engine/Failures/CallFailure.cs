namespace EtcdMaint.Engine.Failures;

/// <summary>
/// Why a call to a member failed. Each failure has one error ID, which never changes (see
/// <see cref="FailureCatalog"/>).
/// </summary>
internal enum CallFailure
{
    // Network
    Refused,
    HostNotFound,
    Unreachable,
    TimedOut,
    ConnectionLost,
    ConnectionClosed,

    // ssh
    SshUnusable,
    SshConfigUnprotected,
    SshHostNotFound,
    SshHostUnreachable,
    SshServerHungUp,
    SshHostKeyRefused,
    SshLoginRefused,
    SshForwardingRefused,

    // Running etcdctl at the member
    RuntimeMissing,
    RuntimeUnusable,
    ContainerMissing,
    SeveralContainers,
    ProgramMissing,
    ShellMissing,
    VariableConflict,
    CertificateUnreadable,
    AlarmTypesInseparable,
    AlarmsInseparable,

    // Kubernetes API server
    AccessLoginRejected,
    AccessForbidden,
    PodUnavailable,

    // TLS
    ServerCertificateUntrusted,
    ServerCertificateExpired,
    ServerNameMismatch,
    ClientCertificateRequired,
    ClientCertificateExpired,
    ClientCertificateRejected,
    PlainToTls,
    TlsToPlain,
    HandshakeFailed,

    // Server at the endpoint
    NotEtcd,
    NotAMember,
    ResponseTooLarge,
    NotSupported,
    NotSupportedHere,
    OtherMember,
    NotSent,

    // Login and permissions
    LoginRequired,
    LoginFailed,
    UserUnknown,
    TokenRejected,
    LoginNotEnabled,
    PermissionDenied,

    // Errors of the cluster
    Compacted,
    FutureRevision,
    NoSpace,
    Corrupt,
    TooManyRequests,
    TooManyOperations,
    NoLeader,
    NotLeader,
    BadTransferee,
    TransferTimedOut,
    Learner,
    DiskFull,
    LeaseNotFound,
    RoleExists,
    RoleNotFound,
    DowngradeRunning,
    Other,
}
