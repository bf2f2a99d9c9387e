using System.Globalization;
using System.Net;

namespace EtcdMaint.Metrics;

/// <summary>The errors of Export-EtcdMetric. The IDs never change. None contains a password.</summary>
internal static class MetricErrors
{
    public static EtcdException ClusterAmbiguous(string name, string id, string otherId) =>
        new(
            ErrorIds.MetricClusterAmbiguous,
            EtcdErrorCategory.InvalidData,
            $"Two clusters have the name '{name}', with the IDs {id} and {otherId}. Their metrics would be the same.",
            "Connect to each cluster with a name of its own (-ClusterName).",
            name
        );

    /// <param name="types">The types of the objects, without duplicates.</param>
    /// <param name="first">The first of the objects.</param>
    public static EtcdException InputWithoutMetrics(IEnumerable<string> types, object first) =>
        new(
            ErrorIds.InputWithoutMetrics,
            EtcdErrorCategory.InvalidArgument,
            $"There are no metrics of objects of these types: {string.Join(", ", types)}.",
            "Pipe the objects of Get-EtcdMemberStatus, Test-EtcdHealth, Invoke-EtcdMaintenance or Get-EtcdForecast.",
            first
        );

    public static EtcdException NotAFile(string path) =>
        new(
            ErrorIds.MetricPathNotFile,
            EtcdErrorCategory.InvalidArgument,
            $"{path} is not a file path.",
            "Specify the name of a file in an existing folder.",
            path
        );

    public static EtcdException NotAPromFile(string path) =>
        new(
            ErrorIds.MetricPathExtension,
            EtcdErrorCategory.InvalidArgument,
            $"The name of the file does not end in .prom: {path}",
            "Specify a name that ends in .prom, because the textfile collector reads no other files.",
            path
        );

    public static EtcdException FolderNotFound(string folder) =>
        new(
            ErrorIds.MetricFolderNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The folder {folder} does not exist.",
            "Create the folder first, or specify the folder of the textfile collector.",
            folder
        );

    public static EtcdException NotRegular(string path, Exception cause) =>
        new(
            ErrorIds.MetricNotRegularFile,
            EtcdErrorCategory.InvalidArgument,
            $"The metrics cannot be written to {path}, because {cause.Message}.",
            "Specify the name of a regular file, or of a file that does not exist.",
            path,
            cause
        );

    public static EtcdException Unwritable(string path, Exception cause) =>
        new(
            ErrorIds.MetricUnwritable,
            EtcdErrorCategory.WriteError,
            $"The file {path} cannot be written: {cause.Message.TrimEnd('.')}.",
            "Check the permissions of the folder and the free space of the disk.",
            path,
            cause
        );

    /// <param name="why">The reason, as the rest of a sentence. It must not repeat the address.</param>
    public static EtcdException GatewayUnusable(string why) =>
        new(
            ErrorIds.PushgatewayUriUnusable,
            EtcdErrorCategory.InvalidArgument,
            $"-PushgatewayUri {why}.",
            "Specify the address of the Pushgateway, for example https://pushgateway.example.com:9091, and a login "
                + "with -Credential."
        );

    public static EtcdException GatewayUnreachable(string gateway, Exception cause) =>
        new(
            ErrorIds.PushgatewayUnreachable,
            EtcdErrorCategory.ConnectionError,
            $"The Pushgateway {gateway} cannot be reached: {cause.GetBaseException().Message.TrimEnd('.')}.",
            "Check the address and the network. HTTPS_PROXY and NO_PROXY apply.",
            gateway,
            cause
        );

    public static EtcdException GatewayUntrusted(string gateway, Exception cause) =>
        new(
            ErrorIds.PushgatewayUntrusted,
            EtcdErrorCategory.SecurityError,
            $"A TLS connection to the Pushgateway {gateway} cannot be established: "
                + $"{cause.GetBaseException().Message.TrimEnd('.')}.",
            "Add the certificate authority of the Pushgateway to the trusted ones of this machine.",
            gateway,
            cause
        );

    public static EtcdException GatewayTimeout(string gateway, TimeSpan timeout) =>
        new(
            ErrorIds.PushgatewayTimeout,
            EtcdErrorCategory.OperationTimeout,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The Pushgateway {gateway} did not respond within {timeout.TotalSeconds} s."
            ),
            "Check the Pushgateway, or specify a longer time limit with -TimeoutSeconds.",
            gateway
        );

    public static EtcdException GatewayLoginRejected(string gateway, HttpStatusCode status) =>
        new(
            ErrorIds.PushgatewayLoginRejected,
            EtcdErrorCategory.AuthenticationError,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The Pushgateway {gateway} rejected the login (HTTP status {(int)status})."
            ),
            "Specify a user and a password that may push, with -Credential.",
            gateway
        );

    /// <param name="gateway">The address.</param>
    /// <param name="cluster">The cluster whose metrics were rejected.</param>
    /// <param name="status">The HTTP status of the response.</param>
    /// <param name="body">The beginning of the response.</param>
    public static EtcdException MetricsRejected(string gateway, string cluster, HttpStatusCode status, string body) =>
        new(
            ErrorIds.PushgatewayRejected,
            EtcdErrorCategory.InvalidResult,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The Pushgateway {gateway} rejected the metrics of cluster '{cluster}' (HTTP status {(int)status})"
            ) + (body.Length > 0 ? $": {body}" : "."),
            "Check the address, the log of the Pushgateway, and whether a proxy responds in its place.",
            cluster
        );
}
