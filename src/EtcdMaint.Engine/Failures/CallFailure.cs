namespace EtcdMaint.Engine.Failures;

/// <summary>
/// Why a call to a member failed. Each has one error ID, for life (see <see cref="FailureCatalog"/>).
/// </summary>
internal enum CallFailure
{
    // Getting there
    Refused,
    HostNotFound,
    Unreachable,
    TimedOut,
    ConnectionLost,
    ConnectionClosed,

    // ssh on the way
    SshUnusable,
    SshHostNotFound,
    SshHostUnreachable,
    SshServerHungUp,
    SshHostKeyRefused,
    SshLoginRefused,
    SshForwardingRefused,

    // Running etcdctl there
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

    // The API server on the way
    WayInLoginRejected,
    WayInForbidden,
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

    // What is there
    NotEtcd,
    NotAMember,
    ResponseTooLarge,
    NotSupported,
    NotSupportedHere,
    OtherMember,
    NotSent,

    // Login and rights
    LoginRequired,
    LoginFailed,
    UserUnknown,
    TokenRejected,
    LoginNotEnabled,
    PermissionDenied,

    // The cluster's own answers
    Compacted,
    FutureRevision,
    NoSpace,
    Corrupt,
    TooManyRequests,
    NoLeader,
    NotLeader,
    BadTransferee,
    TransferTimedOut,
    Learner,
    DiskFull,
    LeaseNotFound,
    RoleExists,
    RoleNotFound,
    Other,
}
