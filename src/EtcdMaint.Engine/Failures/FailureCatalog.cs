using static EtcdMaint.Engine.Failures.CallOutcome;
using static EtcdMaint.Engine.Failures.FailureScope;
using static EtcdMaint.EtcdErrorCategory;

namespace EtcdMaint.Engine.Failures;

/// <summary>
/// The properties of each failure of a call: the ID that scripts match, the category, whether the server may be running
/// the call, whether every voter would answer in the same way, the message, and the recommended action.
/// </summary>
internal static class FailureCatalog
{
    /// <param name="ErrorId">The ID that scripts match. It never changes.</param>
    /// <param name="Category">The category of the error record.</param>
    /// <param name="Outcome">Whether the server may be running the call.</param>
    /// <param name="Scope">Whether another voter can answer the same call differently.</param>
    /// <param name="Sentence">The message; <c>{0}</c> is the member's endpoint.</param>
    /// <param name="Action">The recommended action.</param>
    public sealed record Row(
        string ErrorId,
        EtcdErrorCategory Category,
        CallOutcome Outcome,
        FailureScope Scope,
        string Sentence,
        string Action
    );

    // A table: each failure with its columns, its message and its action.
    // csharpier-ignore
    public static Row Of(CallFailure failure) => failure switch
    {
        CallFailure.Refused => new(ErrorIds.EndpointRefused, ConnectionError, Unknown, OneMember,
            "{0} refused the connection.",
            "Check the host and the port, and that etcd listens on this address."),
        CallFailure.HostNotFound => new(ErrorIds.HostNotFound, ConnectionError, Unknown, OneMember,
            "The host of {0} cannot be resolved.",
            "Check the name, or specify the IP address."),
        CallFailure.Unreachable => new(ErrorIds.EndpointUnreachable, ConnectionError, Unknown, OneMember,
            "{0} cannot be reached.",
            "Check the network, the routes and the firewalls between this machine and the member."),
        CallFailure.TimedOut => new(ErrorIds.EndpointTimeout, OperationTimeout, Unknown, OneMember,
            "{0} did not answer in time.",
            "Check that the member is running and not defragmenting. -TimeoutSeconds allows more time, except "
            + "in Invoke-EtcdDefrag."),
        CallFailure.ConnectionLost => new(ErrorIds.ConnectionLost, ConnectionError, Unknown, OneMember,
            "The connection to {0} was lost.",
            "Check that the member is running, then check its state with Get-EtcdMemberStatus."),

        CallFailure.ConnectionClosed => new(ErrorIds.ConnectionClosed, ResourceUnavailable, Unknown, WholeCluster,
            "The connection to {0} has been closed.",
            "Connect again with Connect-EtcdCluster and read the members again."),

        CallFailure.SshUnusable => new(ErrorIds.SshUnusable, ObjectNotFound, Unknown, OneMember,
            "The ssh client for {0} cannot be used.",
            "Install the OpenSSH client on this machine, and try the same ssh command in a shell."),
        CallFailure.SshConfigUnprotected => new(ErrorIds.SshConfigUnprotected, SecurityError, NotDone, OneMember,
            "ssh does not connect to {0}, because other users can change its config file.",
            "Make your user the owner of the file, and let no other user write it: use chmod 600, or icacls on "
            + "Windows."),
        CallFailure.SshHostNotFound => new(ErrorIds.SshHostNotFound, ConnectionError, Unknown, OneMember,
            "ssh cannot resolve the host of {0}.",
            "Check -SshHost and the ssh config."),
        CallFailure.SshHostUnreachable => new(ErrorIds.SshHostUnreachable, ConnectionError, Unknown, OneMember,
            "ssh cannot reach {0}.",
            "Check that the node is running, and check the network, the port and the jump host."),
        CallFailure.SshServerHungUp => new(ErrorIds.SshServerHungUp, ConnectionError, Unknown, OneMember,
            "The ssh server of {0} closed the connection before the login.",
            "If many logins arrive at once, for example through one jump host, raise MaxStartups of its sshd. "
            + "Otherwise check the log of sshd."),
        CallFailure.SshHostKeyRefused => new(ErrorIds.SshHostKeyRefused, SecurityError, NotDone, OneMember,
            "ssh does not trust the host key of {0}.",
            "Log in once with ssh to accept a new key. If the key changed, find the reason before you accept it."),
        CallFailure.SshLoginRefused => new(ErrorIds.SshLoginRefused, AuthenticationError, NotDone, OneMember,
            "{0} did not accept the ssh login.",
            "Load the key into the ssh agent or specify it in the ssh config. The module never asks for a password."),
        CallFailure.SshForwardingRefused => new(
            ErrorIds.SshForwardingRefused, EtcdErrorCategory.PermissionDenied, Unknown, OneMember,
            "The ssh server of {0} does not allow a stream to the member's client port.",
            "Set AllowTcpForwarding, or omit the certificates so that etcdctl runs on the node."),

        CallFailure.RuntimeMissing => new(ErrorIds.ContainerRuntimeNotFound, ObjectNotFound, NotDone, OneMember,
            "The container runtime cannot be found at {0}.",
            "Specify another runtime with -ContainerRuntime, or use Auto."),
        CallFailure.RuntimeUnusable => new(
            ErrorIds.ContainerRuntimeUnusable, EtcdErrorCategory.PermissionDenied, Unknown, OneMember,
            "The container runtime at {0} did not answer.",
            "Log in as a user who can use the runtime, or who can use sudo without a password."),
        CallFailure.ContainerMissing => new(ErrorIds.EtcdContainerNotFound, ObjectNotFound, Unknown, OneMember,
            "No running etcd container was found at {0}.",
            "Check -Container and -ContainerRuntime, or use -ContainerRuntime None if etcd runs without a container."),
        CallFailure.SeveralContainers => new(ErrorIds.SeveralEtcdContainers, InvalidArgument, NotDone, OneMember,
            "Several running containers at {0} could be the etcd container.",
            "Specify one by its ID with -Container, or the member by its client URL with -ClientUrl."),
        CallFailure.ProgramMissing => new(ErrorIds.EtcdctlNotFound, ObjectNotFound, NotDone, OneMember,
            "etcdctl cannot be run at {0}.",
            "Specify -EtcdctlPath (ssh, local), or connect over gRPC (Kubernetes: -Access PortForward)."),
        CallFailure.ShellMissing => new(ErrorIds.ShellNotFound, ObjectNotFound, NotDone, OneMember,
            "There is no shell at {0}. etcdctl needs one to get the password without showing it.",
            "Use a client certificate whose common name is the etcd user, or connect over gRPC."),
        CallFailure.VariableConflict => new(ErrorIds.EtcdctlVariableConflict, InvalidOperation, NotDone, OneMember,
            "A variable in the environment of {0} changes what etcdctl does, and it cannot be unset there.",
            "Remove the variable, set it to the value that is needed, or connect over gRPC (Kubernetes: -Access "
            + "PortForward)."),
        CallFailure.CertificateUnreadable => new(ErrorIds.RemoteCertificateUnreadable, ReadError, NotDone, OneMember,
            "etcdctl could not read a certificate or key at {0}.",
            "Specify the paths as they are where etcdctl runs, and log in as a user who can read the files."),
        CallFailure.AlarmTypesInseparable => new(
            ErrorIds.AlarmTypesInseparable, InvalidOperation, Unknown, WholeCluster,
            "etcdctl at {0} can only clear the alarms of all types at once. An alarm of another type is armed, "
            + "so nothing was cleared.",
            "Connect over gRPC (-Endpoint, a port-forward, or ssh with client certificates) to clear one alarm "
            + "at a time."),
        CallFailure.AlarmsInseparable => new(ErrorIds.AlarmsInseparable, InvalidOperation, Unknown, WholeCluster,
            "etcdctl at {0} can only clear all alarms at once. Another alarm is armed that you did not select, "
            + "so nothing was cleared.",
            "Select all alarms (Get-EtcdAlarm | Clear-EtcdAlarm), or connect over gRPC (-Endpoint, a "
            + "port-forward, or ssh with client certificates)."),
        CallFailure.AccessLoginRejected => new(
            ErrorIds.KubernetesLoginRejected, AuthenticationError, NotDone, OneMember,
            "{0} cannot be reached: the API server rejected the login.",
            "Log in to Kubernetes again. The token or client certificate of the kubeconfig is missing, invalid "
            + "or expired."),
        CallFailure.AccessForbidden => new(
            ErrorIds.KubernetesForbidden, EtcdErrorCategory.PermissionDenied, NotDone, OneMember,
            "{0} cannot be reached with the rights of the kubeconfig.",
            "Ask for a role that grants the right. The README lists the rights that each access needs."),
        CallFailure.PodUnavailable => new(ErrorIds.PodNotRunning, ResourceUnavailable, Unknown, OneMember,
            "The pod of {0} is not running.",
            "Check it with kubectl describe pod. Connect again if it was replaced."),

        CallFailure.ServerCertificateUntrusted => new(
            ErrorIds.ServerCertificateUntrusted, SecurityError, Unknown, OneMember,
            "The certificate of {0} was not issued by a trusted authority.",
            "Specify the CA of the cluster with -CACertificate."),
        CallFailure.ServerCertificateExpired => new(
            ErrorIds.ServerCertificateExpired, SecurityError, Unknown, OneMember,
            "The certificate of {0} has expired or is not valid yet.",
            "Renew the certificate of the member, and check the clock of this machine."),
        CallFailure.ServerNameMismatch => new(ErrorIds.ServerNameMismatch, SecurityError, Unknown, OneMember,
            "The certificate of {0} is for another name.",
            "Use a name or address that the certificate contains, or specify it with -ServerName."),
        CallFailure.ClientCertificateRequired => new(
            ErrorIds.ClientCertificateRequired, AuthenticationError, Unknown, OneMember,
            "{0} requires a client certificate.",
            "Specify one with -ClientCertificate and -ClientKey."),
        CallFailure.ClientCertificateExpired => new(
            ErrorIds.ClientCertificateExpired, AuthenticationError, Unknown, OneMember,
            "{0} rejected the client certificate: it has expired or is not valid yet.",
            "Renew the client certificate."),
        CallFailure.ClientCertificateRejected => new(
            ErrorIds.ClientCertificateRejected, AuthenticationError, Unknown, OneMember,
            "{0} rejected the client certificate.",
            "Use a certificate that the client CA of the cluster issued for client authentication."),
        CallFailure.PlainToTls => new(ErrorIds.EndpointNeedsTls, ConnectionError, Unknown, OneMember,
            "{0} requires TLS.",
            "Use https://, and specify the CA of the cluster with -CACertificate."),
        CallFailure.TlsToPlain => new(ErrorIds.EndpointNotTls, ConnectionError, Unknown, OneMember,
            "{0} does not use TLS.",
            "Use http:// if this port is intended to be without TLS."),
        CallFailure.HandshakeFailed => new(ErrorIds.HandshakeFailed, ConnectionError, Unknown, OneMember,
            "No HTTP/2 connection to {0} could be established.",
            "Check that it is a client endpoint of etcd and that it accepts the client certificate."),

        CallFailure.NotEtcd => new(ErrorIds.NotEtcd, InvalidData, Unknown, OneMember,
            "The server at {0} is not etcd 3.4 or later.",
            "Specify the client endpoint of an etcd member. Its port is usually 2379."),
        CallFailure.NotAMember => new(ErrorIds.EndpointIsProxy, InvalidData, NotDone, OneMember,
            "{0} is not a member: it answers without a cluster ID and a member ID, as etcd grpc-proxy does.",
            "Specify the client endpoint of each etcd member instead of a proxy."),
        CallFailure.ResponseTooLarge => new(ErrorIds.ResponseTooLarge, LimitsExceeded, Unknown, OneMember,
            "{0} sent more data than the module accepts.",
            "Check that it is the client endpoint of an etcd member, and which program answers there."),
        CallFailure.NotSupported => new(
            ErrorIds.NotSupportedByServer, EtcdErrorCategory.NotImplemented, NotDone, WholeCluster,
            "The server at {0} does not support this call.",
            "Use etcd 3.4 or later."),
        CallFailure.NotSupportedHere => new(
            ErrorIds.NotSupportedByAccess, EtcdErrorCategory.NotImplemented, NotDone, WholeCluster,
            "The access to {0} does not support this operation.",
            "Connect over gRPC: -Endpoint, -Kubernetes -Access PortForward, or -SshHost with client certificates."),
        CallFailure.OtherMember => new(ErrorIds.EndpointChangedMember, InvalidData, NotDone, OneMember,
            "{0} now answers as a different member.",
            "Specify the endpoint of each member instead of a load balancer, and connect again."),
        CallFailure.NotSent => new(ErrorIds.DefragNotSent, ConnectionError, NotDone, OneMember,
            "{0} did not answer as the expected member directly before its defragmentation, so nothing was sent.",
            "Check the member with Get-EtcdMemberStatus."),

        CallFailure.LoginRequired => new(ErrorIds.LoginRequired, AuthenticationError, NotDone, WholeCluster,
            "{0} requires a login.",
            "Specify an etcd user with -Credential."),
        CallFailure.LoginFailed => new(ErrorIds.LoginFailed, AuthenticationError, NotDone, WholeCluster,
            "{0} rejected the user or the password.",
            "Check -Credential."),
        CallFailure.UserUnknown => new(ErrorIds.UserUnknown, AuthenticationError, NotDone, WholeCluster,
            "{0} does not know the user that the client certificate names.",
            "Create that user in etcd, or log in with -Credential."),
        CallFailure.TokenRejected => new(ErrorIds.LoginExpired, AuthenticationError, NotDone, OneMember,
            "{0} no longer accepts the login.",
            "Connect again."),
        CallFailure.LoginNotEnabled => new(ErrorIds.LoginNotEnabled, InvalidOperation, NotDone, WholeCluster,
            "{0} has no auth enabled.",
            "Omit -Credential."),
        CallFailure.PermissionDenied => new(
            ErrorIds.PermissionDenied, EtcdErrorCategory.PermissionDenied, NotDone, WholeCluster,
            "The user may not run this call on {0}.",
            "Log in as a user with the role root. Maintenance requires it."),

        CallFailure.Compacted => new(ErrorIds.RevisionCompacted, InvalidOperation, NotDone, WholeCluster,
            "The revision is already compacted on {0}.",
            "No action is needed."),
        CallFailure.FutureRevision => new(ErrorIds.RevisionInFuture, InvalidArgument, NotDone, WholeCluster,
            "The revision is newer than the newest revision of {0}.",
            "Omit -Revision to use the newest revision. Do not use a revision of another cluster."),
        CallFailure.NoSpace => new(ErrorIds.NoSpaceArmed, InvalidOperation, NotDone, WholeCluster,
            "{0} refuses writes: the NOSPACE alarm is armed.",
            "Compact, defragment all members, then Clear-EtcdAlarm."),
        CallFailure.Corrupt => new(ErrorIds.CorruptArmed, InvalidData, NotDone, WholeCluster,
            "{0} refuses nearly all requests: the CORRUPT alarm is armed.",
            "Find the member whose data differs, and replace it first."),
        CallFailure.TooManyOperations => new(ErrorIds.TransactionTooLarge, LimitsExceeded, NotDone, OneMember,
            "{0} allows fewer operations in a transaction than the module needs.",
            "Give etcd a higher value of --max-txn-ops. Its default is 128."),
        CallFailure.TooManyRequests => new(ErrorIds.TooManyRequests, ResourceBusy, NotDone, OneMember,
            "{0} refuses requests until it has applied its backlog.",
            "Wait until the member is no longer behind."),
        CallFailure.NoLeader => new(ErrorIds.NoLeader, ResourceUnavailable, NotDone, OneMember,
            "{0} has no leader.",
            "Start the members that are down to restore the quorum."),
        CallFailure.NotLeader => new(ErrorIds.NotLeader, InvalidOperation, NotDone, OneMember,
            "{0} is not the leader.",
            "Find the leader with Get-EtcdMemberStatus."),
        CallFailure.BadTransferee => new(ErrorIds.BadTransferee, InvalidArgument, NotDone, OneMember,
            "{0} cannot move leadership to this member.",
            "Choose a voter that is running."),
        CallFailure.TransferTimedOut => new(ErrorIds.LeaderTransferTimeout, OperationTimeout, Unknown, OneMember,
            "{0} could not move leadership in time.",
            "Find the current leader with Get-EtcdMemberStatus."),
        CallFailure.Learner => new(ErrorIds.LearnerNotSupported, InvalidOperation, NotDone, OneMember,
            "{0} is a learner, and learners do not support this call.",
            "Promote the learner first, or omit it."),
        CallFailure.DiskFull => new(ErrorIds.DiskFull, LimitsExceeded, NotDone, OneMember,
            "The disk of {0} is full.",
            "Free space on the data disk. A file db.tmp.* in the snap folder is left from a failed "
            + "defragmentation and can be deleted."),
        CallFailure.LeaseNotFound => new(ErrorIds.LeaseNotFound, ObjectNotFound, NotDone, WholeCluster,
            "The lease no longer exists on {0}.",
            "Run the command again, which takes the lock again."),
        CallFailure.RoleExists => new(ErrorIds.RoleExists, ResourceExists, NotDone, WholeCluster,
            "A role with this name already exists on {0}.",
            "Run the command again when no other run is active."),
        CallFailure.RoleNotFound => new(ErrorIds.RoleNotFound, ObjectNotFound, NotDone, WholeCluster,
            "The role does not exist on {0}.",
            "Run the command again when no other run is active."),
        CallFailure.DowngradeRunning => new(ErrorIds.DowngradeInProgress, InvalidOperation, NotDone, WholeCluster,
            "A downgrade of the cluster of {0} is running.",
            "Finish or cancel the downgrade first."),
        CallFailure.Other => new(ErrorIds.CallFailed, NotSpecified, Unknown, WholeCluster,
            "The call to {0} failed.",
            "Check the log of the member."),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
