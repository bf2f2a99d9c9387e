using System.Globalization;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// The quota in a status, a metrics page or a command line: 0 means the default, and a negative number means no limit.
/// An unknown quota is null, which differs from no limit. Source: etcd-io/etcd, server/storage/quota.go.
/// </summary>
internal static class BackendQuota
{
    /// <summary>2 GiB.</summary>
    public const long Default = 2L * 1024 * 1024 * 1024;

    /// <summary>The value that etcd reports if the quota is disabled.</summary>
    public const long NoLimit = -1;

    private static readonly Version FirstToReport = new(3, 6);

    /// <summary>Returns null for a server that does not report the quota.</summary>
    public static long? FromStatus(string serverVersion, long reported)
    {
        if (reported != 0)
            return Math.Max(reported, NoLimit);

        // Some releases report 0 if the default applies (etcd-io/etcd#20790).
        return EtcdVersion.Parse(serverVersion) >= FirstToReport ? Default : null;
    }

    /// <summary>
    /// Reads the value of a metrics page. Returns null for 0, which etcd shows before it applies the default.
    /// </summary>
    public static long? FromMetrics(double? value) => value is null or 0 ? null : Math.Max((long)value, NoLimit);

    /// <summary>Reads the value of <c>--quota-backend-bytes</c>. Returns null if the text is not a number.</summary>
    public static long? FromFlag(string text) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long bytes) ? null
        : bytes == 0 ? Default
        : Math.Max(bytes, NoLimit);
}
