using System.Globalization;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// The quota as a status, a metrics page or a command line gives it: 0 stands for the default, and a negative number
/// for no limit. Unknown is null, which is not the same as no limit.
/// Source: etcd-io/etcd, server/storage/quota.go.
/// </summary>
internal static class BackendQuota
{
    /// <summary>2 GiB.</summary>
    public const long Default = 2L * 1024 * 1024 * 1024;

    /// <summary>What etcd itself reports where the quota is switched off.</summary>
    public const long NoLimit = -1;

    private static readonly Version FirstToReport = new(3, 6);

    /// <summary>Null for a server that does not report it.</summary>
    public static long? FromStatus(string serverVersion, long reported)
    {
        if (reported != 0)
            return Math.Max(reported, NoLimit);

        // etcd 3.6.0 to 3.6.5 report 0 when the default applies (etcd-io/etcd#20790).
        string digits = serverVersion.Split('-', 2)[0];
        return Version.TryParse(digits, out Version? version) && version >= FirstToReport ? Default : null;
    }

    /// <summary>
    /// The value of a metrics page; null for the moment in which etcd has not put the default in place of 0.
    /// </summary>
    public static long? FromMetrics(double? value) => value is null or 0 ? null : Math.Max((long)value, NoLimit);

    /// <summary>The value of <c>--quota-backend-bytes</c>; null where the text is no number.</summary>
    public static long? FromFlag(string text) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long bytes) ? null
        : bytes == 0 ? Default
        : Math.Max(bytes, NoLimit);
}
