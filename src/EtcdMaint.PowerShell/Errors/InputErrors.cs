using System.Globalization;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>The errors that the cmdlets raise themselves. The IDs never change.</summary>
internal static class InputErrors
{
    /// <summary>No cluster was specified, and none was found.</summary>
    public const string NoConnectionId = ErrorIds.NoConnection;

    /// <summary>The user did not specify a cluster explicitly.</summary>
    public const string NoConnectionChosenId = ErrorIds.NoConnectionChosen;

    /// <summary>The number of existing names in an error about a missing name.</summary>
    private const int NamesShown = 10;

    /// <summary>A rule of the user threw an exception.</summary>
    private const string WhenFailedId = ErrorIds.WhenFailed;

    /// <summary>
    /// Whether the error concerns an argument, and not a cluster or a member. Such an error ends the cmdlet.
    /// </summary>
    public static bool IsOfArgument(EtcdException error) =>
        error.Category is EtcdErrorCategory.InvalidArgument || error.ErrorId == WhenFailedId;

    public static EtcdException NoConnection() =>
        new(
            NoConnectionId,
            EtcdErrorCategory.ObjectNotFound,
            "No cluster was specified. There is no default connection, ETCDCTL_ENDPOINTS is not set, and "
                + "the kubectl configuration has no usable context.",
            "Connect with Connect-EtcdCluster, or specify a connection with -Connection."
        );

    public static EtcdException NoConnection(FailedConnect failed) =>
        new(
            NoConnectionId,
            EtcdErrorCategory.ObjectNotFound,
            "No cluster was specified, and there is no default connection, because the last "
                + $"Connect-EtcdCluster {failed.Reason}.",
            "Run Connect-EtcdCluster again, or specify a connection with -Connection.",
            inner: failed.Cause
        );

    /// <param name="context">The Kubernetes context that a reading cmdlet would have used; null if there is
    /// none.</param>
    public static EtcdException NoConnectionChosen(string? context) =>
        new(
            NoConnectionChosenId,
            EtcdErrorCategory.InvalidOperation,
            "No cluster was specified. This cmdlet changes the cluster and requires an explicit connection"
                + (context is null ? "." : $"; a cmdlet that only reads would use the Kubernetes context '{context}'."),
            "Run Connect-EtcdCluster (with -Kubernetes for the current Kubernetes context), pipe members "
                + "to the cmdlet, specify -Connection, or set ETCDCTL_ENDPOINTS."
        );

    public static EtcdException NoConnectionChosen(EtcdConnection connection) =>
        new(
            NoConnectionChosenId,
            EtcdErrorCategory.InvalidOperation,
            $"Cluster '{connection}' was found through {connection.ImplicitSource} and was not specified. "
                + "This cmdlet changes the cluster and requires an explicit connection.",
            "If this is the right cluster, run Connect-EtcdCluster -Kubernetes and read the members again.",
            connection
        );

    /// <param name="variable">The full name of the variable.</param>
    /// <param name="what">The problem, as the rest of a sentence.</param>
    /// <param name="action">The recommended action, without a full stop.</param>
    public static EtcdException EtcdctlVariableUnusable(string variable, string what, string action) =>
        new(
            ErrorIds.EtcdctlVariableUnusable,
            EtcdErrorCategory.InvalidArgument,
            $"The environment variable {variable} {what}.",
            $"{action}, or use Connect-EtcdCluster, which does not read it.",
            variable
        );

    /// <inheritdoc cref="EtcdctlVariableUnusable"/>
    public static EtcdException EtcdctlVariableUnsupported(string variable, string what, string action) =>
        new(
            ErrorIds.EtcdctlVariableUnsupported,
            EtcdErrorCategory.NotImplemented,
            $"The environment variable {variable} {what}.",
            $"{action}, or use Connect-EtcdCluster, which does not read it.",
            variable
        );

    public static EtcdException ParameterEmpty(string parameter) =>
        new(
            ErrorIds.ParameterEmpty,
            EtcdErrorCategory.InvalidArgument,
            $"-{parameter} has no value.",
            $"Specify a value, or omit -{parameter}. A variable that was never set has no value.",
            parameter
        );

    public static EtcdException RecordWithoutConnection(IEtcdMemberRecord record) =>
        new(
            ErrorIds.RecordWithoutConnection,
            EtcdErrorCategory.InvalidData,
            $"Member '{Name(record)}' has no connection, because it was stored or came from another process.",
            "Read the member again with Get-EtcdMember in this session.",
            record
        );

    public static EtcdException StatusNotSelected(IEtcdMemberRecord record) =>
        new(
            ErrorIds.StatusNotSelected,
            EtcdErrorCategory.InvalidData,
            $"The result of member '{Name(record)}' has no Status property, so it is not known whether the "
                + "previous step succeeded, failed or was only planned.",
            "Include Status in Select-Object, or pass the results on unchanged.",
            record.Member
        );

    public static EtcdException MemberDeparted(IEtcdMemberRecord record) =>
        new(
            ErrorIds.MemberDeparted,
            EtcdErrorCategory.ObjectNotFound,
            $"Member '{Name(record)}' is no longer part of cluster '{record.ClusterName}'.",
            "Read the members again with Get-EtcdMember.",
            record
        );

    public static EtcdException MemberNotFound(string asked, string kind, IReadOnlyCollection<EtcdMember> members) =>
        new(
            ErrorIds.MemberNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"No member has the {kind} '{asked}'.{Existing(members, kind)}",
            "Get-EtcdMember lists the members with their names and IDs.",
            asked
        );

    /// <summary>Returns the error of a cluster of a fleet, with the name of the cluster.</summary>
    /// <param name="clusterName">The name that the user gave the cluster; null if there is none.</param>
    /// <param name="error">The error.</param>
    public static EtcdException OfCluster(string? clusterName, EtcdException error) =>
        clusterName is null
            ? error
            : new EtcdException(
                error.ErrorId,
                error.Category,
                $"Cluster '{clusterName}': {error.Message}",
                error.RecommendedAction,
                error.Target,
                error
            );

    public static EtcdException ClusterNameRepeated(string name) =>
        new(
            ErrorIds.ClusterNameRepeated,
            EtcdErrorCategory.InvalidArgument,
            $"Several clusters have the name '{name}', and -ResumePath identifies clusters by their names.",
            "Give each cluster a name of its own with -ClusterName of Connect-EtcdCluster.",
            name
        );

    /// <param name="column">The name of the column.</param>
    /// <param name="value">The text of the cell.</param>
    /// <param name="type">The type that the column needs.</param>
    public static EtcdException CellInvalid(string column, string value, Type type)
    {
        string needed = type.IsEnum ? string.Join(", ", Enum.GetNames(type)) : "a whole number";
        return new EtcdException(
            ErrorIds.CellInvalid,
            EtcdErrorCategory.InvalidData,
            $"The column {column} contains '{value}', which is not {(type.IsEnum ? "one of " : "")}{needed}.",
            "Correct the cell, or leave it empty.",
            value
        );
    }

    public static EtcdException RetryFailedNeedsResumePath() =>
        new(
            ErrorIds.RetryFailedNeedsResumePath,
            EtcdErrorCategory.InvalidArgument,
            "-RetryFailed needs -ResumePath, whose file contains the clusters that failed.",
            "Specify -ResumePath, or omit -RetryFailed."
        );

    public static EtcdException ShardNeedsClusterName() =>
        new(
            ErrorIds.ShardNeedsClusterName,
            EtcdErrorCategory.InvalidArgument,
            "-Shard needs the name of each cluster, which decides its shard.",
            "Add the column ClusterName to the records, or specify -ClusterName."
        );

    public static EtcdException RecordRejected() =>
        new(
            ErrorIds.RecordRejected,
            EtcdErrorCategory.InvalidData,
            "PowerShell could not bind the record to the parameters of Connect-EtcdCluster.",
            "Correct the value that the error of PowerShell names."
        );

    /// <param name="count">The number of objects.</param>
    /// <param name="types">Their types, without duplicates.</param>
    /// <param name="first">The first of them.</param>
    public static EtcdException InputNotAMember(int count, IReadOnlyCollection<string> types, object first) =>
        new(
            ErrorIds.InputNotAMember,
            EtcdErrorCategory.InvalidArgument,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} "
                    + $"{(count == 1 ? "object is not a member and contains" : "objects are not members and contain")}"
            ) + $" none: {string.Join(", ", types)}.",
            "Pipe members, connections or the names of members. If Select-Object precedes the cmdlet, include "
                + "the property Member.",
            first
        );

    public static EtcdException MalformedMemberId(string text) =>
        new(
            ErrorIds.MalformedMemberId,
            EtcdErrorCategory.InvalidArgument,
            $"'{text}' is not a member ID. An ID has 1 to 16 hexadecimal digits.",
            "Enclose the ID in quotation marks, as Get-EtcdMember shows it. Otherwise PowerShell can read "
                + "it as a number.",
            text
        );

    public static EtcdException NoEndpoint() =>
        new(
            ErrorIds.NoEndpoint,
            EtcdErrorCategory.InvalidArgument,
            "No endpoint was specified.",
            "Specify -Endpoint, for example https://10.0.0.1:2379, or -DiscoverySrv."
        );

    public static EtcdException NoContextGiven() =>
        new(
            ErrorIds.NoContextGiven,
            EtcdErrorCategory.InvalidArgument,
            "-Context or -KubeConfig has no value.",
            "Specify a context, or use -Kubernetes alone for the current context of kubectl."
        );

    public static EtcdException NoEtcdctlPath() =>
        new(
            ErrorIds.NoEtcdctlPath,
            EtcdErrorCategory.InvalidArgument,
            "-EtcdctlPath is empty, and no other parameter specifies the cluster.",
            "Specify the path or the name of etcdctl on this machine."
        );

    public static EtcdException CertificateUnusable(string parameter, string path) =>
        new(
            ErrorIds.CertificateUnusable,
            EtcdErrorCategory.InvalidArgument,
            $"The file of -{parameter} does not exist: {path}",
            "Specify the path of a PEM or PFX file, PEM text, or an X509Certificate2.",
            path
        );

    public static EtcdException ClientPortOutOfRange(int port) =>
        new(
            ErrorIds.ClientPortOutOfRange,
            EtcdErrorCategory.InvalidArgument,
            string.Create(CultureInfo.InvariantCulture, $"{port} is not a port."),
            "Specify -ClientPort from 1 to 65535, or omit it to use the port in the pod spec.",
            port
        );

    public static EtcdException QuotaNotPositive(long bytes) =>
        new(
            ErrorIds.QuotaNotPositive,
            EtcdErrorCategory.InvalidArgument,
            string.Create(CultureInfo.InvariantCulture, $"-QuotaBytes is {bytes}, and must be greater than 0."),
            "Specify the value of --quota-backend-bytes of etcd, or omit -QuotaBytes.",
            bytes
        );

    public static EtcdException RevisionNegative(string parameter, long value) =>
        new(
            ErrorIds.RevisionNegative,
            EtcdErrorCategory.InvalidArgument,
            string.Create(CultureInfo.InvariantCulture, $"-{parameter} is {value}, and must not be negative."),
            "Specify 0 or more.",
            value
        );

    /// <param name="parameter">The parameter that specifies the revision too.</param>
    public static EtcdException RevisionChosenTwice(string parameter) =>
        new(
            ErrorIds.RevisionChosenTwice,
            EtcdErrorCategory.InvalidArgument,
            $"-Revision and -{parameter} both specify the revision to compact to.",
            "Specify only one of them."
        );

    public static EtcdException LeaderRulesConflict() =>
        new(
            ErrorIds.LeaderRulesConflict,
            EtcdErrorCategory.InvalidArgument,
            "-KeepLeader prevents the leadership move that -RequireLeaderMove requires.",
            "Specify only one of them."
        );

    public static EtcdException LockRulesConflict() =>
        new(
            ErrorIds.LockRulesConflict,
            EtcdErrorCategory.InvalidArgument,
            "-NoClusterLock omits the lock in the cluster that -RequireLock requires.",
            "Specify only one of them."
        );

    public static EtcdException IntervalWithoutContinuous() =>
        new(
            ErrorIds.IntervalWithoutContinuous,
            EtcdErrorCategory.InvalidArgument,
            "-IntervalSeconds applies only to -Continuous, which was not specified.",
            "Specify -Continuous too, or omit -IntervalSeconds."
        );

    public static EtcdException SpaceRulesConflict() =>
        new(
            ErrorIds.SpaceRulesConflict,
            EtcdErrorCategory.InvalidArgument,
            "-CountOnly reads no values, and -Exact reads every value.",
            "Specify only one of them."
        );

    public static EtcdException SeveralLeaders(EtcdConnection connection) =>
        new(
            ErrorIds.SeveralLeaders,
            EtcdErrorCategory.InvalidArgument,
            $"Several members of cluster '{connection}' were specified, and a cluster has only one leader.",
            "Specify one member for each cluster, or no member to use the best one.",
            connection
        );

    public static EtcdException SnapshotPathNotFile(string path) =>
        new(
            ErrorIds.SnapshotPathNotFile,
            EtcdErrorCategory.InvalidArgument,
            $"{path} is not a file path.",
            "Specify a file in an existing folder, or a folder.",
            path
        );

    /// <param name="pattern">The path with wildcards.</param>
    public static EtcdException SnapshotNotFound(string pattern) =>
        new(
            ErrorIds.SnapshotNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"No file matches {pattern}.",
            "Specify the path of a snapshot or of a copy of a database file.",
            pattern
        );

    public static EtcdException SnapshotFolderNotFound(string path) =>
        new(
            ErrorIds.SnapshotFolderNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The folder {path} does not exist.",
            "Create the folder, or specify the name of a file with an extension, for example "
                + $"{path.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)}.db.",
            path
        );

    public static EtcdException OneFileForSeveralClusters(string path) =>
        new(
            ErrorIds.OneFileForSeveralClusters,
            EtcdErrorCategory.InvalidArgument,
            $"Snapshots of several clusters cannot be saved to one file: {path}",
            "Specify an existing folder. Each snapshot gets its own file name there.",
            path
        );

    public static EtcdException WhenFailed(EtcdMemberStatus status, Exception cause) =>
        new(
            WhenFailedId,
            EtcdErrorCategory.InvalidOperation,
            $"The -When rule failed for member '{status}': {cause.Message}",
            "The rule receives the status of the member as $_ and must not throw.",
            status,
            cause
        );

    public static EtcdException EngineNotLoaded(string folder, Exception cause) =>
        new(
            ErrorIds.EngineNotLoaded,
            EtcdErrorCategory.ResourceUnavailable,
            $"The engine of the module could not be loaded from {folder}. {cause.Message}",
            "Install the module again.",
            folder,
            cause
        );

    private static string Existing(IReadOnlyCollection<EtcdMember> members, string kind)
    {
        string[] all =
        [
            .. members
                .Select(member => kind == "ID" ? $"{member} ({member.MemberId})" : member.ToString())
                .Distinct()
                .Order(StringComparer.OrdinalIgnoreCase),
        ];
        string more = all.Length > NamesShown ? $" and {all.Length - NamesShown} more" : "";
        return all.Length switch
        {
            0 => "",
            1 => $" The only member is {all[0]}.",
            _ => $" The members are {string.Join(", ", all.Take(NamesShown))}{more}.",
        };
    }

    private static string Name(IEtcdMemberRecord record) =>
        record.MemberName.Length > 0 ? record.MemberName : record.MemberId;

    /// <param name="parameter">The parameter, without a dash.</param>
    public static EtcdException PlanSettingsConflict(string parameter) =>
        new(
            ErrorIds.PlanSettingsConflict,
            EtcdErrorCategory.InvalidArgument,
            parameter == "When"
                ? "-When cannot be combined with -Plan. The members of a plan are decided when it is made."
                : $"-{parameter} cannot be combined with -Plan, because the plan contains this setting.",
            $"Omit -{parameter}, or make a new plan with New-EtcdMaintenancePlan.",
            parameter
        );

    public static EtcdException PlanInvalid(object plan) =>
        new(
            ErrorIds.PlanInvalid,
            EtcdErrorCategory.InvalidArgument,
            "-Plan requires a plan or the path of its file, and cannot use a value of the type "
                + $"{(plan is PSObject bag ? bag.TypeNames[0] : plan.GetType().FullName)}.",
            "Specify the object of New-EtcdMaintenancePlan in the session that made it, or the path of its JSON file.",
            plan.ToString()
        );
}
