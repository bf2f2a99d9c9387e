using System.Globalization;

namespace EtcdMaint.Cmdlets;

/// <summary>The errors that are found before the engine is asked anything. The IDs are kept for life.</summary>
internal static class InputErrors
{
    /// <summary>No cluster is meant.</summary>
    public const string NoConnectionId = ErrorIds.NoConnection;

    /// <summary>No cluster is meant by the user's own word.</summary>
    public const string NoConnectionChosenId = ErrorIds.NoConnectionChosen;

    /// <summary>A rule of the user's threw.</summary>
    private const string WhenFailedId = ErrorIds.WhenFailed;

    /// <summary>Whether what is wrong is an argument, and not a cluster or a member. Such an error ends the cmdlet.</summary>
    public static bool IsOfArgument(EtcdException error) => error.Category is EtcdErrorCategory.InvalidArgument || error.ErrorId == WhenFailedId;

    public static EtcdException NoConnection() => new(
        NoConnectionId,
        EtcdErrorCategory.ObjectNotFound,
        "There is no cluster to ask: no connection was given, none is the default, ETCDCTL_ENDPOINTS is not set, and kubectl's configuration names no usable context.",
        "Make a connection with Connect-EtcdCluster, or name one with -Connection.");

    public static EtcdException NoConnection(FailedConnect failed) => new(
        NoConnectionId,
        EtcdErrorCategory.ObjectNotFound,
        $"No cluster was specified, and there is no default connection, because the last Connect-EtcdCluster {failed.Reason}.",
        "Run Connect-EtcdCluster again, or specify a connection with -Connection.",
        inner: failed.Cause);

    /// <param name="context">The Kubernetes context that a reading cmdlet would have used; null when there is none.</param>
    public static EtcdException NoConnectionChosen(string? context) => new(
        NoConnectionChosenId,
        EtcdErrorCategory.InvalidOperation,
        "No cluster was specified. This cmdlet changes the cluster and requires an explicit connection"
            + (context is null ? "." : $"; a cmdlet that only reads would use the Kubernetes context '{context}'."),
        "Run Connect-EtcdCluster, with -Kubernetes for the current Kubernetes context; or pipe members in, give -Connection, or set ETCDCTL_ENDPOINTS.");

    public static EtcdException NoConnectionChosen(EtcdConnection connection) => new(
        NoConnectionChosenId,
        EtcdErrorCategory.InvalidOperation,
        $"Cluster '{connection}' was found through {connection.ImplicitSource} and was not specified. This cmdlet changes the cluster and requires an explicit connection.",
        "If this is the right cluster, run Connect-EtcdCluster -Kubernetes and read the members again.",
        connection);

    /// <param name="variable">Its whole name.</param>
    /// <param name="what">What is wrong with it, as the rest of a sentence.</param>
    /// <param name="action">What to do, without a full stop.</param>
    public static EtcdException EtcdctlVariableUnusable(string variable, string what, string action) => new(
        ErrorIds.EtcdctlVariableUnusable,
        EtcdErrorCategory.InvalidArgument,
        $"The environment variable {variable} {what}.",
        $"{action}, or use Connect-EtcdCluster, which does not read it.",
        variable);

    /// <inheritdoc cref="EtcdctlVariableUnusable"/>
    public static EtcdException EtcdctlVariableUnsupported(string variable, string what, string action) => new(
        ErrorIds.EtcdctlVariableUnsupported,
        EtcdErrorCategory.NotImplemented,
        $"The environment variable {variable} {what}.",
        $"{action}, or use Connect-EtcdCluster, which does not read it.",
        variable);

    public static EtcdException ParameterEmpty(string parameter) => new(
        ErrorIds.ParameterEmpty,
        EtcdErrorCategory.InvalidArgument,
        $"-{parameter} was given without a value.",
        $"Give a value, or leave -{parameter} out. A variable that was never set has no value.",
        parameter);

    public static EtcdException RecordWithoutConnection(IEtcdMemberRecord record) => new(
        ErrorIds.RecordWithoutConnection,
        EtcdErrorCategory.InvalidData,
        $"Member '{Name(record)}' carries no connection: it was stored, or came from another process.",
        "Read the member again with Get-EtcdMember in this session.",
        record);

    public static EtcdException StatusNotSelected(IEtcdMemberRecord record) => new(
        ErrorIds.StatusNotSelected,
        EtcdErrorCategory.InvalidData,
        $"The result of member '{Name(record)}' came without its Status, so nobody can say whether the step before did its work, failed or was only planned.",
        "Keep Status where Select-Object chooses properties, or pass the results on as they are.",
        record.Member);

    public static EtcdException MemberDeparted(IEtcdMemberRecord record) => new(
        ErrorIds.MemberDeparted,
        EtcdErrorCategory.ObjectNotFound,
        $"Member '{Name(record)}' is no longer part of cluster '{record.ClusterName}'.",
        "Read the members again with Get-EtcdMember.",
        record);

    public static EtcdException MemberNotFound(string asked, string kind) => new(
        ErrorIds.MemberNotFound,
        EtcdErrorCategory.ObjectNotFound,
        $"No member has the {kind} '{asked}'.",
        "Get-EtcdMember lists the members with their names and IDs.",
        asked);

    public static EtcdException MalformedMemberId(string text) => new(
        ErrorIds.MalformedMemberId,
        EtcdErrorCategory.InvalidArgument,
        $"'{text}' is not a member ID: an ID is 1 to 16 hexadecimal digits.",
        "Put the ID in quotes, as Get-EtcdMember shows it; without them PowerShell may read it as a number.",
        text);

    public static EtcdException NoEndpoint() => new(
        ErrorIds.NoEndpoint,
        EtcdErrorCategory.InvalidArgument,
        "No endpoint was given.",
        "Give -Endpoint, for example https://10.0.0.1:2379, or -DiscoverySrv.");

    public static EtcdException NoContextGiven() => new(
        ErrorIds.NoContextGiven,
        EtcdErrorCategory.InvalidArgument,
        "-Context or -KubeConfig was given without a value, so it specifies no Kubernetes context.",
        "Specify a context, or give -Kubernetes alone to use kubectl's current context.");

    public static EtcdException NoEtcdctlPath() => new(
        ErrorIds.NoEtcdctlPath,
        EtcdErrorCategory.InvalidArgument,
        "-EtcdctlPath is empty, and nothing else says which cluster is meant.",
        "Give the path or the name of an etcdctl of this machine.");

    public static EtcdException CertificateUnusable(string parameter, string path) => new(
        ErrorIds.CertificateUnusable,
        EtcdErrorCategory.InvalidArgument,
        $"-{parameter} names a file that does not exist: {path}",
        "Give the path of a PEM or PFX file, PEM text, or an X509Certificate2.",
        path);

    public static EtcdException ClientPortOutOfRange(int port) => new(
        ErrorIds.ClientPortOutOfRange,
        EtcdErrorCategory.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"{port} is not a port."),
        "Give -ClientPort as 1 to 65535, or leave it out to have it read off each pod.",
        port);

    public static EtcdException QuotaNotPositive(long bytes) => new(
        ErrorIds.QuotaNotPositive,
        EtcdErrorCategory.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"-QuotaBytes must be more than 0, and is {bytes}."),
        "Give the value of etcd's --quota-backend-bytes, or leave it out.",
        bytes);

    public static EtcdException RevisionNegative(string parameter, long value) => new(
        ErrorIds.RevisionNegative,
        EtcdErrorCategory.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"-{parameter} cannot be negative, and is {value}."),
        "Give 0 or more.",
        value);

    public static EtcdException RevisionChosenTwice() => new(
        ErrorIds.RevisionChosenTwice,
        EtcdErrorCategory.InvalidArgument,
        "-Revision and -KeepRevisions both choose the revision to compact to.",
        "Give only one of them.");

    public static EtcdException LeaderRulesConflict() => new(
        ErrorIds.LeaderRulesConflict,
        EtcdErrorCategory.InvalidArgument,
        "-KeepLeader leaves the leadership alone and -RequireLeaderMove demands that it moves.",
        "Give only one of them.");

    public static EtcdException LockRulesConflict() => new(
        ErrorIds.LockRulesConflict,
        EtcdErrorCategory.InvalidArgument,
        "-NoClusterLock leaves the lock in the cluster out and -RequireLock demands every lock.",
        "Give only one of them.");

    public static EtcdException SeveralLeaders(EtcdConnection connection) => new(
        ErrorIds.SeveralLeaders,
        EtcdErrorCategory.InvalidArgument,
        $"Several members of cluster '{connection}' were given, and only one can lead it.",
        "Give one member for each cluster, or none to take the best.",
        connection);

    public static EtcdException SnapshotPathNotFile(string path) => new(
        ErrorIds.SnapshotPathNotFile,
        EtcdErrorCategory.InvalidArgument,
        $"{path} is not a file path.",
        "Give the name of a file in an existing folder, or a folder.",
        path);

    public static EtcdException OneFileForSeveralClusters(string path) => new(
        ErrorIds.OneFileForSeveralClusters,
        EtcdErrorCategory.InvalidArgument,
        $"Several clusters cannot be saved to one file: {path}",
        "Give an existing folder; each snapshot gets a name of its own there.",
        path);

    public static EtcdException WhenFailed(EtcdMemberStatus status, Exception cause) => new(
        WhenFailedId,
        EtcdErrorCategory.InvalidOperation,
        $"The -When rule failed for member '{status}': {cause.Message}",
        "The rule sees the member's status as $_ and must not throw.",
        status,
        cause);

    public static EtcdException EngineNotLoaded(string folder, Exception cause) => new(
        ErrorIds.EngineNotLoaded,
        EtcdErrorCategory.ResourceUnavailable,
        $"The module is not complete: its engine could not be loaded from {folder}. {cause.Message}",
        "Install the module again.",
        folder,
        cause);

    private static string Name(IEtcdMemberRecord record) =>
        record.MemberName.Length > 0 ? record.MemberName : record.MemberId;
}
